/** Longer than an answer of the database is on its way. */
const stepMs = 20_000;

interface Reading {
  readonly databaseMs: number;
  readonly elapsedMs: number;
}

/** Notices that the database's clock was set. For a while ages by it then say nothing: what looks two minutes old may be at work. */
export class ClockSteps {
  #last: Reading | undefined;
  #unsettledUntilMs = -Infinity;

  /**
   * @param unsettledMs how long ages are not believed after a step
   * @param elapsed milliseconds of a clock that nobody sets
   */
  constructor(
    private readonly unsettledMs: number,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** @param now the database's clock, as it was just read */
  note(now: Date): void {
    const reading = { databaseMs: now.getTime(), elapsedMs: this.elapsed() };
    const last = this.#last;
    this.#last = reading;
    if (last === undefined) return;
    const drift = reading.databaseMs - last.databaseMs - (reading.elapsedMs - last.elapsedMs);
    if (Math.abs(drift) >= stepMs) this.#unsettledUntilMs = reading.elapsedMs + this.unsettledMs;
  }

  get isSettled(): boolean {
    return this.elapsed() >= this.#unsettledUntilMs;
  }
}
