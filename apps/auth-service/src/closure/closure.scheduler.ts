import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Closures } from './closures.ts';

const everyMs = 5_000;

/** Asks again whoever has not confirmed. */
@Injectable()
export class ClosureScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('closure');
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(private readonly closures: Closures) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.closures.askAgain()).catch((error: unknown) => this.#log.warn(`this round did not finish: ${error instanceof Error ? error.message : 'unknown'}`));
    }, everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }
}
