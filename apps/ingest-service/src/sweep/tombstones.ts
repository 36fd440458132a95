import type { SqlPool } from '@tributary/persistence';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { quoted, type Sql } from '../sql.ts';
import { qualified } from '../warehouse/warehouse-table.ts';

/** Why a row is marked as deleted. */
export type TombstoneReason = 'deleted' | 'purged' | 'not visible';

/** Makes the table of reasons; objects of a connection are copied beside each other. */
async function ensureTombstones(sql: Sql, schema: string): Promise<void> {
  const { rows } = await sql.query<{ name: string | null }>('select to_regclass($1)::text as name', [`${quoted(schema)}.tombstone`]);
  if (rows[0]?.name != null) return;
  await sql.query('select pg_advisory_xact_lock(hashtext($1))', [`tombstone:${schema}`]);
  await sql.query(
    `create table if not exists ${quoted(schema)}.tombstone (
       object text not null,
       id text not null,
       reason text not null check (reason in ('deleted', 'purged', 'not visible')),
       found_at timestamptz not null default now(),
       primary key (object, id)
     )`);
}

/** Notes the reason of rows the last window marked as deleted, and forgets that of rows that are there again. */
export async function noteTombstones(pool: SqlPool, { schema }: ObjectTask, plan: ColumnPlan): Promise<void> {
  const table = qualified(schema, plan.table);
  const last = `(select version from ${quoted(schema)}.sync_object where object = $1)`;
  await pool.transaction(async (client) => {
    await ensureTombstones(client, schema);
    await client.query(`delete from ${quoted(schema)}.tombstone d using ${table} t where d.object = $1 and d.id = t.id and t._version = ${last} and not t._deleted`, [plan.object]);
    await client.query(
      `insert into ${quoted(schema)}.tombstone (object, id, reason) select $1, t.id, $2 from ${table} t where t._version = ${last} and t._deleted on conflict do nothing`,
      [plan.object, plan.cursor === undefined && !plan.hasIsDeleted ? 'purged' : 'deleted']);
  });
}

/** Notes why rows are gone for good. */
export async function addTombstones(sql: Sql, schema: string, object: string, ids: readonly string[], reason: TombstoneReason): Promise<void> {
  await sql.query(
    `insert into ${quoted(schema)}.tombstone (object, id, reason) select $1, id, $3 from unnest($2::text[]) as id
     on conflict (object, id) do update set reason = excluded.reason, found_at = now() where tombstone.reason <> excluded.reason`, [object, ids, reason]);
}
