import { Injectable } from '@nestjs/common';
import type { SyncRunStarted } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import type { Sql } from '../sql.ts';
import { RunWakeUp } from './run-wake-up.ts';
import { openRun, summaryColumns, summaryOf, type SyncRunRow } from './sync-runs.store.ts';

@Injectable()
export class StartRun {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Opens a run now, or returns the open one. @throws Conflict `CONNECTION_NOT_READY` while no token can be leased, `CONNECTION_PAUSED` */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId): Promise<SyncRunStarted> {
    const started = await this.scope.runSql(workspaceId, (sql) => this.#open(sql, connectionId));
    this.wakeUp.now();
    // The run that was open may have ended just now: then the next one is opened.
    return started ?? this.execute(workspaceId, connectionId);
  }

  async #open(sql: Sql, connectionId: ConnectionId): Promise<SyncRunStarted | undefined> {
    const connection = await this.connections.find(connectionId, sql);
    if (connection === undefined || connection.state !== 'active' || connection.tokenState !== 'ready') {
      throw new Conflict('CONNECTION_NOT_READY', 'The connection cannot be synced at the moment.', { action: 'Connect it to Salesforce again.' });
    }
    if (connection.paused) throw new Conflict('CONNECTION_PAUSED', 'The connection is paused.', { action: 'Resume it first.' });
    const opened = await openRun(sql, connectionId);
    const { rows: [run] } = await sql.query<SyncRunRow>(
      `select ${summaryColumns} from sync_run where connection_id = $1 and (id = $2 or ($2::uuid is null and status = 'running')) order by started_at desc limit 1`, [connectionId, opened ?? null]);
    return run && { run: summaryOf(run), alreadyOpen: opened === undefined };
  }
}
