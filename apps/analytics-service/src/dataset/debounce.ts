/** Runs work at once on the first call; later calls run together once the interval has passed and the work before has ended. */
export class Debounce {
  #startedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isWorking = false;
  #calledMeanwhile = false;

  constructor(
    private readonly intervalMs: number,
    private readonly work: () => Promise<unknown>,
  ) {}

  call(): void {
    // The work that runs may have looked before the cause of this call.
    if (this.#isWorking) this.#calledMeanwhile = true;
    else this.#timer ??= setTimeout(() => void this.#start(), Math.max(0, this.#startedAt + this.intervalMs - performance.now()));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#calledMeanwhile = false;
  }

  async #start(): Promise<void> {
    this.#timer = undefined;
    this.#isWorking = true;
    this.#startedAt = performance.now();
    await this.work();
    this.#isWorking = false;
    if (!this.#calledMeanwhile) return;
    this.#calledMeanwhile = false;
    this.call();
  }
}
