import { Injectable } from '@nestjs/common';
import type { SyncRunStarted } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { one } from '../sql.ts';
import { RunWakeUp } from './run-wake-up.ts';
import { openRun, summaryColumns, summaryOf, type SyncRunRow } from './sync-runs.store.ts';

@Injectable()
export class StartRun {
  constructor(
    private readonly pool: SqlPool,
    private readonly connections: Connections,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Opens a run now, or returns the open one. @throws Conflict `CONNECTION_NOT_READY` while no token can be leased, `CONNECTION_PAUSED` */
  async execute(connectionId: ConnectionId): Promise<SyncRunStarted> {
    const connection = await this.connections.find(connectionId);
    if (connection === undefined || connection.state !== 'active' || connection.tokenState !== 'ready') {
      throw new Conflict('CONNECTION_NOT_READY', 'The connection cannot be synced at the moment.', { action: 'Connect it to Salesforce again.' });
    }
    if (connection.paused) throw new Conflict('CONNECTION_PAUSED', 'The connection is paused.', { action: 'Resume it first.' });
    const opened = await openRun(this.pool, connectionId);
    this.wakeUp.now();
    const run = await this.pool.query<SyncRunRow>(
      `select ${summaryColumns} from sync_run where connection_id = $1 and (id = $2 or ($2::uuid is null and status = 'running')) order by started_at desc limit 1`, [connectionId, opened ?? null]);
    // The run that was open may have ended just now: then the next one is opened.
    return run.rows.length === 0 ? this.execute(connectionId) : { run: summaryOf(one(run)), alreadyOpen: opened === undefined };
  }
}
