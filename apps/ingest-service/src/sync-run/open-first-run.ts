import { Injectable } from '@nestjs/common';
import type { TokenReady } from '@tributary/event-contracts';
import { Inbox } from '@tributary/persistence';
import { recordTokenReady } from '../connection/connections.store.ts';
import { sqlOf } from '../entity-manager.store.ts';
import { RunWakeUp } from './run-wake-up.ts';
import { openRun } from './sync-runs.store.ts';

@Injectable()
export class OpenFirstRun {
  constructor(
    private readonly inbox: Inbox,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /**
   * Opens a connection's first run, or the next one when work had stopped for want of a token.
   * Later tokens of a connection at work change nothing: its schedule goes on. Safe to call twice with the same event.
   */
  async execute(event: TokenReady): Promise<void> {
    const { connectionId: id, orgId, epoch } = event.data;
    await this.inbox.once('ingest_auth', event, async (em) => {
      const ready = await recordTokenReady(sqlOf(em), { id, orgId, epoch });
      if (ready !== undefined && (ready.waited || !ready.everSynced)) await openRun(sqlOf(em), id, event);
    });
    this.wakeUp.now();
  }
}
