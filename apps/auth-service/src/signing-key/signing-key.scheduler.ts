import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KeepJwtGrants } from '../jwt-grant/keep-jwt-grants.ts';
import { AgeSigningKeys } from './age-signing-keys.ts';

const everyMs = 5_000;
const ageEveryRounds = 12;

/** Brings time in: keys age every minute, jwt grants in trouble are looked at every five seconds. */
@Injectable()
export class SigningKeyScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('signing-key');
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;
  #stopped = false;

  constructor(
    private readonly ageKeys: AgeSigningKeys,
    private readonly keepGrants: KeepJwtGrants,
  ) {}

  onApplicationBootstrap(): void {
    this.#next();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#work().finally(() => this.#next());
    }, everyMs);
  }

  async #work(): Promise<void> {
    try {
      if (this.#rounds++ % ageEveryRounds === 0) await this.ageKeys.execute();
      await this.keepGrants.execute();
    } catch (error) {
      this.#log.warn(`this round did not finish: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
