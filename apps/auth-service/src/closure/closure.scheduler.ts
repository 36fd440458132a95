import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { Closures } from './closures.ts';

/** Asks again whoever has not confirmed. */
@Injectable()
export class ClosureScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'closure', everyMs: 5_000 }, () => this.closures.askAgain());

  constructor(private readonly closures: Closures) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }
}
