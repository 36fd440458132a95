import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
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
export class UpkeepScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('upkeep');
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;
  #stopped = false;

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
      if (this.#rounds % markEveryRounds === 0) await this.mark.advance();
      await this.storeAnswer.replayAll();
      await this.upkeep.execute();
      await this.revocations.attemptDue();
      if (this.#rounds++ % housekeepingEveryRounds === 0) await this.housekeeping.execute();
    } catch (error) {
      this.#log.warn(`this round did not finish: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
