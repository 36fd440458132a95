import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { AuditAnchors } from './audit-anchors.ts';

/** Looks at the start and every hour whether the day's anchors are set. */
@Injectable()
export class AuditScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'audit-anchor', everyMs: 60 * 60_000, atOnce: true }, () => this.anchors.execute());

  constructor(private readonly anchors: AuditAnchors) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }
}
