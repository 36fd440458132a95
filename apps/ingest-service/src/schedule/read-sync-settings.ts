import { Inject, Injectable } from '@nestjs/common';
import { CallPurpose, countsAgainstLimit, type NewField, type SyncSettings, type SyncSettingsView } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { firstCallId, WorkspaceScope } from '@tributary/persistence';
import { forecastOf, type ForecastInput } from '../budget/forecast.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import { Connections } from '../connection/connections.store.ts';
import { callsOfWhole } from '../formula/formula-cost.ts';
import { chosenObjects } from '../selection/selection.ts';
import { quoted, type Sql } from '../sql.ts';
import { hasWarehouseTable } from '../warehouse/warehouse-schema.ts';
import { objectTurns, runEverySeconds } from './object-schedule.ts';
import { SyncSettingsStore } from './sync-settings.store.ts';

const dayMs = 86_400_000;

@Injectable()
export class ReadSyncSettings {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly connections: Connections,
    private readonly settings: SyncSettingsStore,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Schedule and budget of a connection with what they cost. @throws NotFound `CONNECTION_UNKNOWN` */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId): Promise<SyncSettingsView> {
    return this.scope.runSql(workspaceId, (sql) => this.kept(sql, connectionId));
  }

  /** The same for settings that are not kept yet. @throws NotFound `CONNECTION_UNKNOWN` */
  async with(workspaceId: WorkspaceId, connectionId: ConnectionId, settings: SyncSettings): Promise<SyncSettingsView> {
    return this.scope.runSql(workspaceId, (sql) => this.of(sql, connectionId, settings));
  }

  /** Within a transaction: what is kept. @throws NotFound `CONNECTION_UNKNOWN` */
  async kept(sql: Sql, connectionId: ConnectionId): Promise<SyncSettingsView> {
    return this.of(sql, connectionId, await this.settings.read(connectionId, sql));
  }

  /** Within a transaction: the same for settings that are not kept yet. @throws NotFound `CONNECTION_UNKNOWN` */
  async of(sql: Sql, connectionId: ConnectionId, settings: SyncSettings): Promise<SyncSettingsView> {
    const connection = await this.connections.require(connectionId, sql);
    const known = (await this.connections.catalogue(connectionId, sql))?.objects ?? [];
    const base = this.config.syncIntervalSeconds;
    const turns = objectTurns(chosenObjects(connection.selection, known), settings, base);
    const { readAt } = await this.settings.turns(connectionId, sql);
    const read = turns.filter(({ paused }) => !paused);
    return {
      settings,
      defaultIntervalSeconds: base,
      forecast: forecastOf({
        intervals: read.map(({ intervalSeconds }) => intervalSeconds), runEverySeconds: runEverySeconds(settings, base),
        formulaCalls: await this.#formulaCalls(sql, connection.warehouseSchema, read.map(({ name }) => name)), totalShare: settings.totalShare, usage: await this.#usage(sql, connectionId),
      }),
      objects: turns.map(({ name, label, intervalSeconds, priority, paused }) => ({ name, label, intervalSeconds, priority, paused, lastReadAt: readAt.get(name)?.toISOString() ?? null })),
      newFields: await this.#newFields(sql, connectionId),
    };
  }

  /** Calls a day for formulas that are read once a day, of all rows; none is known before the first run. */
  async #formulaCalls(sql: Sql, schema: string, objects: readonly string[]): Promise<number> {
    if (!(await hasWarehouseTable(sql, schema, 'formula_column'))) return 0;
    const { rows } = await sql.query<{ rows: string }>(
      `select stored_rows as rows from ${quoted(schema)}.sync_object s where object = any($1) and stored_rows > 0 and cursor_field is not null
         and exists (select from ${quoted(schema)}.formula_column f where f.object = s.object and f.upkeep = 'daily')`, [objects]);
    return rows.reduce((sum, { rows: stored }) => sum + callsOfWhole(Number(stored), this.config), 0);
  }

  /** What Salesforce told last, if it is of today; own calls are those recorded in the same 24 hours. */
  async #usage(sql: Sql, connectionId: ConnectionId): Promise<ForecastInput['usage']> {
    const { rows: [row] } = await sql.query<{ used: number; limit: number; own: string }>(
      `select api_used as used, api_limit as limit, (select count(*) from salesforce_call k where k.connection_id = c.id and k.id >= $2 and k.purpose = any($3)) as own
         from connection c where id = $1 and api_used is not null and api_as_of > now() - interval '1 day'`, [connectionId, firstCallId(new Date(Date.now() - dayMs)), CallPurpose.options.filter(countsAgainstLimit)]);
    return row === undefined ? undefined : { used: row.used, limit: row.limit, own: Number(row.own) };
  }

  async #newFields(sql: Sql, connectionId: ConnectionId): Promise<NewField[]> {
    const { rows } = await sql.query<{ object: string; field: string; decision: NewField['decision']; seen_at: Date }>(
      'select object, field, decision, seen_at from new_field where connection_id = $1 order by seen_at desc, object, field limit 1000', [connectionId]);
    return rows.map(({ object, field, decision, seen_at: at }) => ({ object, field, decision, seenAt: at.toISOString() }));
  }
}
