interface Seen {
  readonly tag: string;
  readonly changedAtMs: number;
}

/** When the describe of an object last changed for a user, in whole seconds; a change is always later than what was told before. */
export class DescribeHistory {
  readonly #seen = new Map<string, Seen>();

  /** @param tag fingerprint of the describe @param firstChangedAt what to say of one not seen before */
  changedAt(key: string, tag: string, firstChangedAt: Date, now: Date): Date {
    const seen = this.#seen.get(key);
    if (seen?.tag === tag) return new Date(seen.changedAtMs);
    const changedAtMs = seen === undefined ? wholeSecond(firstChangedAt) : Math.max(wholeSecond(now), seen.changedAtMs + 1_000);
    this.#seen.set(key, { tag, changedAtMs });
    return new Date(changedAtMs);
  }
}

function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1_000) * 1_000;
}
