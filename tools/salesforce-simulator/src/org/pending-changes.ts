/** A change that has happened in a transaction which is not committed yet: readers do not see it. */
export interface PendingChange {
  readonly commitsAtMs: number;
  readonly apply: () => void;
}

/** Changes in the order in which they were made; committed ones are applied when somebody reads. */
export class PendingChanges {
  #waiting: PendingChange[] = [];

  add(change: PendingChange): void {
    this.#waiting.push(change);
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Applies what is committed by now. */
  settle(nowMs: number): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ commitsAtMs }) => commitsAtMs <= nowMs);
    this.#waiting = this.#waiting.filter(({ commitsAtMs }) => commitsAtMs > nowMs);
    for (const change of due) change.apply();
  }
}
