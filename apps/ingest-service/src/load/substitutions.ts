/** Values and characters that could not be stored as sent, by reason. */
export class Substitutions {
  readonly #byReason = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + count);
  }

  /** These and others together. */
  with(others: Substitutions): Substitutions {
    const both = Substitutions.from(this.toJSON());
    for (const [reason, count] of others.#byReason) both.add(reason, count);
    return both;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#byReason.values()) total += count;
    return total;
  }

  /** One sentence, such as `2 values of Amount are no number`; null when there are none. */
  text(): string | null {
    return this.#byReason.size === 0 ? null : [...this.#byReason].slice(0, 5).map(([reason, count]) => `${count} × ${reason}`).join('; ');
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#byReason);
  }

  static from(counts: Readonly<Record<string, number>>): Substitutions {
    const substitutions = new Substitutions();
    for (const [reason, count] of Object.entries(counts)) substitutions.add(reason, count);
    return substitutions;
  }
}
