import { Injectable, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { AuditAnchors } from './audit-anchors.ts';
import { CheckChains } from './check-chains.ts';

/** Looks at the start and every hour whether the day's chains are checked and its anchors set. */
@Injectable()
export class AuditScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'audit-anchor', everyMs: 60 * 60_000, atOnce: true }, () => this.#round());

  constructor(
    private readonly anchors: AuditAnchors,
    private readonly checks: CheckChains,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** The anchor of a day goes upon what was checked that day. */
  async #round(): Promise<void> {
    await this.checks.executeDue();
    await this.anchors.execute();
  }
}
