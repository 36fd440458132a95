/** Runs work at once on the first call; calls within the interval after a start run together once it has passed. */
export class Debounce {
  #startedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly work: () => Promise<unknown>,
  ) {}

  call(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#startedAt + this.intervalMs - performance.now());
    this.#timer = setTimeout(() => void this.#start(), waitMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A call during the work is kept for after it, since the work may have read before the call's cause. */
  async #start(): Promise<void> {
    this.#startedAt = performance.now();
    this.#timer = undefined;
    await this.work();
  }
}
