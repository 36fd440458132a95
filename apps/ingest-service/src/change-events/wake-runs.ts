import { Injectable } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';
import { connectionsToWake } from './changed-objects.store.ts';

@Injectable()
export class WakeRuns {
  constructor(
    private readonly pool: SqlPool,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Opens the runs for which changes wait. */
  async execute(): Promise<void> {
    const ids = await connectionsToWake(this.pool);
    for (const id of ids) await this.#open(id);
    if (ids.length > 0) this.wakeUp.now();
  }

  /** What opened it counts for the pace of the next ones. */
  async #open(id: ConnectionId): Promise<void> {
    await this.pool.transaction(async (client) => {
      const run = await openRun(client, id, undefined, true);
      if (run !== undefined) await client.query('update sync_run set woken = true where id = $1', [run]);
    });
  }
}
