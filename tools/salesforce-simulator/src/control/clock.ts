/** The simulator's clock; runs with the machine's until it is set, and stands still afterwards. */
export class SimulatorClock {
  #frozenAt: number | undefined;
  #offsetMs = 0;

  now(): Date {
    return new Date(this.#frozenAt ?? Date.now() + this.#offsetMs);
  }

  /** Sets the time and stops the clock. */
  set(at: Date): void {
    this.#frozenAt = at.getTime();
  }

  /** Moves the time; a running clock goes on running. */
  advance(ms: number): void {
    if (this.#frozenAt === undefined) this.#offsetMs += ms;
    else this.#frozenAt += ms;
  }

  /** Lets a stopped clock run on from where it stands. */
  run(): void {
    if (this.#frozenAt === undefined) return;
    this.#offsetMs = this.#frozenAt - Date.now();
    this.#frozenAt = undefined;
  }
}
