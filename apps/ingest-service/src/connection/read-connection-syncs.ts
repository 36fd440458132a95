import { Inject, Injectable } from '@nestjs/common';
import { Hold, SyncSettings, type ConnectionSync } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import { ceilingOf } from '../budget/budget.ts';
import { readChangeEvents } from '../change-events/read-change-events.ts';
import { runEverySeconds } from '../schedule/object-schedule.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { Sql } from '../sql.ts';
import { summaryColumns, summaryOf, type SyncRunRow } from '../sync-run/sync-runs.store.ts';
import { orgName } from '../warehouse/org-name.ts';

interface SyncRow {
  readonly id: string;
  readonly warehouse_schema: string | null;
  readonly last_sync_at: Date | null;
  readonly next_sync_at: Date | null;
  readonly api_used: number | null;
  readonly api_limit: number | null;
  readonly api_as_of: Date | null;
  readonly sync_settings: unknown;
  readonly hold: unknown;
}

@Injectable()
export class ReadConnectionSyncs {
  constructor(
    private readonly scope: WorkspaceScope,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Sync state by connection id; connections the workspace has none of, or nothing is known of, are left out. */
  async execute(workspaceId: WorkspaceId, ids: readonly ConnectionId[]): Promise<Record<string, ConnectionSync>> {
    return this.scope.runSql(workspaceId, (sql) => this.#read(sql, ids));
  }

  async #read(sql: Sql, ids: readonly ConnectionId[]): Promise<Record<string, ConnectionSync>> {
    const connections = await sql.query<SyncRow>(
      `select id, (select schemaname from pg_tables where schemaname = warehouse_schema and tablename = 'sync_object') as warehouse_schema, last_sync_at, next_sync_at, api_used, api_limit, api_as_of, sync_settings, hold
         from connection where id = any($1::uuid[]) and state <> 'erased'`, [ids]);
    const runs = await sql.query<SyncRunRow>(
      `select r.* from unnest($1::uuid[]) as c(id) cross join lateral (
         (select ${summaryColumns} from sync_run where connection_id = c.id and status = 'running' limit 1) union all
         (select ${summaryColumns} from sync_run where connection_id = c.id and status <> 'running' order by started_at desc limit 1)) r`, [ids]);
    const streams = await readChangeEvents(sql, ids);
    const synced: Record<string, ConnectionSync> = {};
    for (const row of connections.rows) {
      const name = await orgName(sql, row.warehouse_schema);
      synced[row.id] = { ...this.#sync(row, runs.rows.filter((run) => run.connection_id === row.id), name), changeEvents: streams.get(row.id) };
    }
    return synced;
  }

  #sync(row: SyncRow, runs: readonly SyncRunRow[], name: string | null): ConnectionSync {
    const open = runs.find(({ status }) => status === 'running');
    const last = runs.find(({ status }) => status !== 'running');
    const settings = SyncSettings.parse(row.sync_settings ?? {});
    const { api_used: used, api_limit: limit, api_as_of: asOf } = row;
    return {
      warehouseSchema: row.warehouse_schema,
      orgName: name,
      lastRun: last === undefined ? null : summaryOf(last),
      openRun: open === undefined ? null : summaryOf(open),
      lastSyncAt: row.last_sync_at?.toISOString() ?? null,
      nextSyncAt: row.next_sync_at?.toISOString() ?? null,
      intervalSeconds: runEverySeconds(settings, this.config.syncIntervalSeconds),
      apiUsage: used === null || limit === null || asOf === null ? null : { used, limit, ceiling: ceilingOf(limit, settings.totalShare), asOf: asOf.toISOString() },
      hold: row.hold === null ? null : Hold.parse(row.hold),
    };
  }
}
