import { Injectable } from '@nestjs/common';
import type { ConnectionPaused } from '@tributary/event-contracts';
import { Inbox } from '@tributary/persistence';
import { sqlOf } from '../entity-manager.store.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';

@Injectable()
export class PauseConnection {
  constructor(
    private readonly inbox: Inbox,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Opens no run while a connection is paused; one at work ends by itself. After the pause a run is opened at once. */
  async execute(event: ConnectionPaused): Promise<void> {
    const { connectionId, paused } = event.data;
    await this.inbox.once('ingest_auth', event, async (em) => {
      const { rows: [row] } = await sqlOf(em).query<{ token_state: string }>(
        `update connection set paused = $2, next_sync_at = null where id = $1 and state = 'active' and paused <> $2 returning token_state`, [connectionId, paused]);
      if (!paused && row?.token_state === 'ready') await openRun(sqlOf(em), connectionId, event);
    });
    this.wakeUp.now();
  }
}
