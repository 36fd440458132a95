import type { PoolClient } from 'pg';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import { openedRows } from '../warehouse/row-layout.ts';
import { findRowsTable, qualified } from '../warehouse/warehouse-table.ts';

/** Why a row is marked as deleted. */
export type TombstoneReason = 'deleted' | 'purged' | 'not visible';

/**
 * Notes, within the caller's transaction, the reason of rows a window marked as deleted, and forgets that of rows that are there again.
 * @param list as SQL, the Ids of those that are deleted, when they need not be looked up in the table
 */
export async function noteTombstones(client: Sql, schema: string, plan: ColumnPlan, version: string, list?: string): Promise<void> {
  const table = qualified(schema, plan.table);
  await client.query(`delete from ${quoted(schema)}.tombstone d using ${table} t where d.object = $1 and d.id = t.id and t._version = $2 and not t._deleted`, [plan.object, version]);
  const [deleted, parameters] = list === undefined ? [`${table} t where t._version = $2 and t._deleted`, [plan.object, version]] : [`${list} t`, [plan.object]];
  await client.query(`insert into ${quoted(schema)}.tombstone (object, id, reason) select $1, t.id, 'deleted' from ${deleted} on conflict do nothing`, parameters);
}

/** Marks rows as deleted, keeping them as they were, and notes why, within the caller's transaction. @returns rows newly marked */
export async function markDeleted(client: PoolClient, schema: string, { object, table }: ColumnPlan, ids: readonly string[], version: bigint, reason: TombstoneReason): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows, layout } = await findRowsTable(client, schema, table);
  await client.query(`insert into ${quoted(schema)}.record_version (object, id, version, row) select $1, t.id, t._version, to_jsonb(t) from ${openedRows(rows, layout)} t where t.id = any($2) and not t._deleted`, [object, ids]);
  const { rowCount } = await client.query(`update ${rows} t set _deleted = true, _version = $2, _synced_at = now() where t.id = any($1) and not t._deleted`, [ids, version.toString()]);
  await client.query(
    `insert into ${quoted(schema)}.tombstone (object, id, reason) select $1, id, $3 from unnest($2::text[]) as id
     on conflict (object, id) do update set reason = excluded.reason, found_at = now() where tombstone.reason <> excluded.reason`, [object, ids, reason]);
  return rowCount ?? 0;
}

/** Notes, after all Ids were compared, which rows marked as deleted have left the recycle bin, and which are seen in it again: only the latter count at Salesforce. */
export async function noteEmptiedBin(client: PoolClient, schema: string, { object, table }: ColumnPlan, stage: string): Promise<void> {
  await client.query(
    `insert into ${quoted(schema)}.tombstone (object, id, reason) select $1, t.id, 'purged' from ${qualified(schema, table)} t where t._deleted and not exists (select from ${quoted(stage)} s where s.id = t.id)
     on conflict (object, id) do update set reason = 'purged', found_at = now() where tombstone.reason = 'deleted'`, [object]);
  await client.query(`update ${quoted(schema)}.tombstone d set reason = 'deleted', found_at = now() from ${quoted(stage)} s where d.object = $1 and d.id = s.id and s._deleted and d.reason <> 'deleted'`, [object]);
}
