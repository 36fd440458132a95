import { Injectable } from '@nestjs/common';
import { SyncSettings } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import type { Sql } from '../sql.ts';

/** Schedule, budget and policy of connections; what nobody has set has its default. */
@Injectable()
export class SyncSettingsStore {
  constructor(private readonly pool: SqlPool) {}

  async read(connectionId: ConnectionId, sql: Sql = this.pool): Promise<SyncSettings> {
    const { rows: [row] } = await sql.query<{ sync_settings: unknown }>('select sync_settings from connection where id = $1', [connectionId]);
    return SyncSettings.parse(row?.sync_settings ?? {});
  }

  async keep(sql: Sql, connectionId: ConnectionId, settings: SyncSettings): Promise<void> {
    await sql.query('update connection set sync_settings = $2::jsonb where id = $1', [connectionId, JSON.stringify(settings)]);
  }

  /** When each object was read last; by the database's clock, as is `now`. */
  async turns(connectionId: ConnectionId, sql: Sql = this.pool): Promise<{ readAt: ReadonlyMap<string, Date>; now: Date }> {
    const { rows } = await sql.query<{ object: string | null; read_at: Date; now: Date }>(
      'select t.object, t.read_at, now() as now from (select 1) as one left join object_turn t on t.connection_id = $1', [connectionId]);
    return { readAt: new Map(rows.flatMap(({ object, read_at: at }) => (object === null ? [] : [[object, at] as const]))), now: rows[0]?.now ?? new Date() };
  }
}

/** Objects that were read in a run, as of its beginning. */
export async function keepTurns(sql: Sql, connectionId: string, runId: string, objects: readonly string[]): Promise<void> {
  await sql.query(
    `insert into object_turn (connection_id, workspace_id, object, read_at) select $1, r.workspace_id, o, r.started_at from unnest($3::text[]) as o, sync_run r where r.id = $2
     on conflict (connection_id, object) do update set read_at = excluded.read_at`, [connectionId, runId, objects]);
}
