import { Injectable, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { Housekeeping } from './housekeeping.ts';
import { InstallationMark } from './installation-mark.ts';
import { Revocations } from './revocations.ts';
import { StoreAnswer } from './store-answer.ts';
import { Upkeep } from './upkeep.ts';
import { VaultTrouble } from './vault-trouble.ts';

const everyMs = 2_000;
const housekeepingEveryRounds = 300;
const markEveryRounds = 30;

/** Brings time in: first what a crash left behind, then a round every two seconds. */
@Injectable()
export class UpkeepScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'upkeep', everyMs }, (count) => this.#round(count));

  constructor(
    private readonly mark: InstallationMark,
    private readonly upkeep: Upkeep,
    private readonly storeAnswer: StoreAnswer,
    private readonly revocations: Revocations,
    private readonly vaultTrouble: VaultTrouble,
    private readonly housekeeping: Housekeeping,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.mark.begin();
    await this.storeAnswer.replayAll();
    await this.vaultTrouble.recover();
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async #round(count: number): Promise<void> {
    if (count % markEveryRounds === 0) await this.mark.advance();
    await this.storeAnswer.replayAll();
    await this.upkeep.execute();
    await this.revocations.attemptDue();
    if (count % housekeepingEveryRounds === 0) await this.housekeeping.execute();
  }
}
