/** Lets at most `width` through at a time, the rest in the order of their coming. */
export class Lane {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly width: number) {}

  get inside(): number {
    return this.#inside;
  }

  /** Waits for a place. @returns gives it back; safe to call twice */
  async enter(): Promise<() => void> {
    if (this.#inside >= this.width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#waiting.shift();
      // The place goes to the next one without ever being free.
      if (next === undefined) this.#inside -= 1;
      else next();
    };
  }
}
