export interface Deletion {
  readonly id: string;
  /** When, as stored instant. */
  readonly at: string;
}

/** What getDeleted reads: deletions by object, trimmed from the oldest on. */
export class DeleteLog {
  readonly #byObject = new Map<string, Map<string, string>>();
  /** Deletions before this instant are forgotten; undefined while none was trimmed. */
  trimmedUntil: string | undefined;

  add(object: string, id: string, at: string): void {
    const log = this.#byObject.get(object) ?? new Map<string, string>();
    log.set(id, at);
    this.#byObject.set(object, log);
  }

  remove(object: string, id: string): void {
    this.#byObject.get(object)?.delete(id);
  }

  /** Deletions in `[from, until)`. */
  between(object: string, from: string, until: string): Deletion[] {
    return [...(this.#byObject.get(object) ?? [])].filter(([, at]) => at >= from && at < until).map(([id, at]) => ({ id, at }));
  }

  /** Forgets deletions before an instant, as Salesforce does when the log grows. */
  trim(until: string): void {
    this.trimmedUntil = until;
    for (const log of this.#byObject.values()) for (const [id, at] of log) if (at < until) log.delete(id);
  }

  entries(): [object: string, deletions: Deletion[]][] {
    return [...this.#byObject].map(([object, log]) => [object, [...log].map(([id, at]) => ({ id, at }))]);
  }
}
