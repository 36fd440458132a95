import { Logger } from '@nestjs/common';
import { endWithin } from './end-within.ts';

export interface RoundsOptions {
  /** Logs bear it. */
  readonly name: string;
  /** Milliseconds from the end of a round to the begin of the next. */
  readonly everyMs: number;
  /** Milliseconds the end waits for a round that is going on; 10,000 when absent. */
  readonly patienceMs?: number;
  /** Whether the first round comes at once; else after `everyMs`. */
  readonly atOnce?: boolean;
}

/** Work that comes back: round, pause, next round; never two at once. A round that fails is logged, and the next one comes all the same. */
export class Rounds {
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #current: Promise<void> = Promise.resolve();
  #count = 0;
  #stopped = false;

  /** @param work one round; `count` tells how many came before it */
  constructor(
    private readonly options: RoundsOptions,
    private readonly work: (count: number) => Promise<unknown>,
  ) {
    this.#log = new Logger(options.name);
  }

  start(): void {
    this.#next(this.options.atOnce === true ? 0 : this.options.everyMs);
  }

  /** No round begins any more; waits for the one going on, but not for ever: what it waits for may never come. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await endWithin(`a round of ${this.options.name}`, this.options.patienceMs ?? 10_000, this.#current);
  }

  #next(inMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#current = this.#round().finally(() => this.#next(this.options.everyMs));
    }, inMs);
  }

  async #round(): Promise<void> {
    try {
      await this.work(this.#count++);
    } catch (error) {
      this.#log.warn(`this round did not finish: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
