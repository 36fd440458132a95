import { Injectable } from '@nestjs/common';
import type { NewFieldDecisions, SyncSettingsView } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import { Connections } from '../connection/connections.store.ts';
import { ReadSyncSettings } from '../schedule/read-sync-settings.ts';
import type { Sql } from '../sql.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRunSoon } from '../sync-run/sync-runs.store.ts';

@Injectable()
export class DecideNewFields {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly readSettings: ReadSyncSettings,
    private readonly wakeUp: RunWakeUp,
  ) {}

  /** Decides about fields that appeared. What is to be copied is read with its whole past by the next run, opened at once. @throws NotFound `CONNECTION_UNKNOWN` */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, decisions: NewFieldDecisions['decisions']): Promise<SyncSettingsView> {
    const copies = decisions.some(({ decision }) => decision === 'copy');
    await this.scope.runSql(workspaceId, async (sql) => {
      await this.connections.require(connectionId, sql);
      await decide(sql, connectionId, decisions);
      if (copies) await openRunSoon(sql, connectionId);
    });
    if (copies) this.wakeUp.now();
    return this.readSettings.execute(workspaceId, connectionId);
  }
}

async function decide(sql: Sql, connectionId: ConnectionId, decisions: NewFieldDecisions['decisions']): Promise<void> {
  await sql.query(
    `update new_field f set decision = d.decision from unnest($2::text[], $3::text[], $4::text[]) as d(object, field, decision)
      where f.connection_id = $1 and f.object = d.object and f.field = d.field`,
    [connectionId, decisions.map(({ object }) => object), decisions.map(({ field }) => field), decisions.map(({ decision }) => decision)]);
}
