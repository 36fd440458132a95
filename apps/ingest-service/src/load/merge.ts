import type { PoolClient } from 'pg';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted } from '../sql.ts';
import { qualified } from '../warehouse/warehouse-table.ts';

/** A staged window and the table it goes into. */
export interface Merge {
  readonly schema: string;
  readonly stage: string;
  readonly plan: ColumnPlan;
  /** Version the changed rows get. */
  readonly version: bigint;
}

/** What merging did. */
export interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Staged rows that another staged row of the same Id replaces. */
  readonly superseded: number;
  /** Rows that are deleted at the source and were not known to be. */
  readonly tombstones: number;
  /** Rows that were deleted and are there again. */
  readonly restored: number;
}

const uniqueViolation = '23505';

/** Merges staged rows by Id into the object's table, within the caller's transaction: the newer row wins, an equal one changes nothing. */
export async function mergeStage(client: PoolClient, merge: Merge): Promise<MergeCounts> {
  const table = qualified(merge.schema, merge.plan.table);
  const { rows } = await client.query<{ empty: boolean }>(`select not exists (select from ${table}) as empty`);
  const fresh = rows[0]?.empty === true ? await insertAll(client, merge, table) : undefined;
  return fresh ?? mergeChanges(client, merge, table);
}

/** The first load needs no comparison. Undefined when a row was staged twice. */
async function insertAll(client: PoolClient, { stage, plan, version }: Merge, table: string): Promise<MergeCounts | undefined> {
  const names = plan.columns.map(({ column }) => quoted(column)).join(', ');
  await client.query('savepoint insert_all');
  try {
    const { rowCount } = await client.query(`insert into ${table} (${names}, _version, _synced_at, _deleted) select ${names}, $1, now(), ${gone(plan, 's')} from ${quoted(stage)} s`, [version.toString()]);
    const deleted = await client.query<{ count: string }>(`select count(*) as count from ${quoted(stage)} s where ${gone(plan, 's')}`);
    return { inserted: rowCount ?? 0, updated: 0, unchanged: 0, superseded: 0, tombstones: Number(deleted.rows[0]?.count ?? 0), restored: 0 };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === uniqueViolation)) throw error;
    await client.query('rollback to savepoint insert_all');
    return undefined;
  }
}

async function mergeChanges(client: PoolClient, { schema, stage, plan, version }: Merge, table: string): Promise<MergeCounts> {
  const stamp = plan.cursor === undefined ? undefined : quoted(plan.cursor.column);
  const columns = plan.columns.map(({ column }) => quoted(column));
  const newestFirst = ['s.id', ...(stamp === undefined ? [] : [`s.${stamp} desc nulls last`]), 's._page desc', 's.ctid desc'].join(', ');
  const notOlder = stamp === undefined ? 'true' : `coalesce(s.${stamp} >= t.${stamp}, true)`;
  await client.query('drop table if exists merge_change');
  await client.query(
    `create temporary table merge_change on commit drop as
       select s.source, s.id, t.id is null as is_new, ${gone(plan, 's')} as gone, coalesce(t._deleted, false) as was_gone
         from (select distinct on (s.id) s.ctid as source, s.* from ${quoted(stage)} s order by ${newestFirst}) s
         left join ${table} t on t.id = s.id
        where t.id is null or (${notOlder} and (${[...columns.map((column) => `t.${column}`), 't._deleted'].join(', ')}) is distinct from (${[...columns.map((column) => `s.${column}`), gone(plan, 's')].join(', ')}))`);
  const { rows: [staged] } = await client.query<{ rows: string; ids: string }>(`select count(*) as rows, count(distinct id) as ids from ${quoted(stage)}`);
  const { rows: [changed] } = await client.query<Record<'inserted' | 'updated' | 'tombstones' | 'restored', string>>(
    `select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated,
            count(*) filter (where gone and not was_gone) as tombstones, count(*) filter (where was_gone and not gone) as restored from merge_change`);
  const inserted = Number(changed?.inserted ?? 0);
  const updated = Number(changed?.updated ?? 0);
  if (updated > 0) await keepVersions(client, schema, plan.object, `${table} t join merge_change c on c.id = t.id and not c.is_new`);
  if (inserted + updated > 0) {
    await client.query(
      `insert into ${table} (${columns.join(', ')}, _version, _synced_at, _deleted)
         select ${columns.map((column) => `s.${column}`).join(', ')}, $1, now(), c.gone from merge_change c join ${quoted(stage)} s on s.ctid = c.source
       on conflict (id) do update set ${[...columns.filter((column) => column !== '"id"'), '_version', '_synced_at', '_deleted'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
      [version.toString()]);
  }
  const ids = Number(staged?.ids ?? 0);
  return { inserted, updated, unchanged: ids - inserted - updated, superseded: Number(staged?.rows ?? 0) - ids, tombstones: Number(changed?.tombstones ?? 0), restored: Number(changed?.restored ?? 0) };
}

/**
 * Marks rows that a complete read of the whole object did not have as deleted.
 * @returns rows newly marked
 */
export async function deleteAbsent(client: PoolClient, { schema, stage, plan, version }: Merge): Promise<number> {
  const table = qualified(schema, plan.table);
  const absent = `not t._deleted and not exists (select from ${quoted(stage)} s where s.id = t.id)`;
  await keepVersions(client, schema, plan.object, `${table} t where ${absent}`);
  const { rowCount } = await client.query(`update ${table} t set _deleted = true, _version = $1, _synced_at = now() where ${absent}`, [version.toString()]);
  return rowCount ?? 0;
}

async function keepVersions(client: PoolClient, schema: string, object: string, rows: string): Promise<void> {
  await client.query(`insert into ${quoted(schema)}.record_version (object, id, version, row) select $1, t.id, t._version, to_jsonb(t) from ${rows}`, [object]);
}

function gone({ hasIsDeleted }: ColumnPlan, row: string): string {
  return hasIsDeleted ? `coalesce(${row}.isdeleted, false)` : 'false';
}
