import { Injectable, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { KeepJwtGrants } from '../jwt-grant/keep-jwt-grants.ts';
import { AgeSigningKeys } from './age-signing-keys.ts';

const everyMs = 5_000;
const ageEveryRounds = 12;

/** Brings time in: keys age every minute, jwt grants in trouble are looked at every five seconds. */
@Injectable()
export class SigningKeyScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'signing-key', everyMs }, (count) => this.#round(count));

  constructor(
    private readonly ageKeys: AgeSigningKeys,
    private readonly keepGrants: KeepJwtGrants,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async #round(count: number): Promise<void> {
    if (count % ageEveryRounds === 0) await this.ageKeys.execute();
    await this.keepGrants.execute();
  }
}
