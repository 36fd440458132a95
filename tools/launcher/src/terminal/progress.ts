const heartbeatMs = 10_000;

/** Calm lines about what happens, each with the seconds since the start. */
export class Progress {
  readonly #write: (line: string) => void;
  readonly #bornAt = performance.now();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  secondsSinceStart(): string {
    return ((performance.now() - this.#bornAt) / 1_000).toFixed(1);
  }

  say(line: string): void {
    this.#write(`  ${this.secondsSinceStart().padStart(5)} s  ${line}`);
  }

  plain(line: string): void {
    this.#write(line);
  }

  /** Says every ten seconds that `what` still goes on. */
  async during<T>(what: string, work: Promise<T>): Promise<T> {
    const timer = setInterval(() => this.say(`still ${what} …`), heartbeatMs);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }
}
