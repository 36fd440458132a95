import type { PoolClient } from 'pg';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { one, quoted } from '../sql.ts';
import { openedRows, readLayout, writtenRow } from '../warehouse/row-layout.ts';
import { findRowsTable, type RowsTable } from '../warehouse/warehouse-table.ts';
import { isEmpty, promote } from './load-table.ts';
import { writingRows } from './row-too-wide.ts';
import { isNumbered } from './stage.ts';
import type { Staged } from './staged.ts';

/** A staged window and the table it goes into. */
export interface Merge {
  readonly schema: string;
  readonly stage: string;
  readonly plan: ColumnPlan;
  /** Version the changed rows get. */
  readonly version: bigint;
  /** What the pages brought, as the database said when it took them. */
  readonly staged: Staged;
  /** Whether the table has other rows than the window: the newest ones of a first load. */
  readonly joins: boolean;
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

/**
 * Merges staged rows by Id into the object's table, within the caller's transaction: the newer row wins, an equal one changes nothing.
 * @throws InvalidInput `ROW_TOO_WIDE` when a row does not fit together with what columns keep that are no longer copied
 */
export function mergeStage(client: PoolClient, merge: Merge): Promise<MergeCounts> {
  return writingRows(mergeRows(client, merge));
}

async function mergeRows(client: PoolClient, merge: Merge): Promise<MergeCounts> {
  const { schema, stage, plan, version, staged, joins } = merge;
  const promoted = await promote(client, { loaded: stage, schema, plan, version, staged, joins });
  if (promoted !== undefined) return { ...promoted, inserted: staged.rows - promoted.superseded, updated: 0, unchanged: 0, restored: 0 };
  const table = await findRowsTable(client, schema, plan.table);
  const fresh = (await isEmpty(client, schema, plan.table)) ? await insertAll(client, merge, table) : undefined;
  return fresh ?? mergeChanges(client, merge, table);
}

/** The first load needs no comparison. Undefined when a row was staged twice. */
async function insertAll(client: PoolClient, { stage, plan, version }: Merge, { rows, layout }: RowsTable): Promise<MergeCounts | undefined> {
  const written = writtenRow(layout, plan.columns.map(({ column }) => column), 's');
  await client.query('savepoint insert_all');
  try {
    const { rowCount } = await client.query(
      `insert into ${rows} (${written.columns.join(', ')}, _version, _synced_at, _deleted) select ${written.values.join(', ')}, $1, now(), s._deleted from ${openedRows(quoted(stage), await readLayout(client, quoted(stage)))} s`, [version.toString()]);
    const deleted = await client.query<{ count: string }>(`select count(*) as count from ${quoted(stage)} where _deleted`);
    return { inserted: rowCount ?? 0, updated: 0, unchanged: 0, superseded: 0, tombstones: Number(one(deleted).count), restored: 0 };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === uniqueViolation)) throw error;
    await client.query('rollback to savepoint insert_all');
    return undefined;
  }
}

type Counted = Readonly<Record<'rows' | 'ids' | 'inserted' | 'updated' | 'tombstones' | 'restored', string>> & { readonly [column: string]: unknown };

/** Changed rows are found, kept as they were and written by one statement, which sees the table as it was before. */
async function mergeChanges(client: PoolClient, { schema, stage, plan, version }: Merge, { rows: table, layout }: RowsTable): Promise<MergeCounts> {
  const stamp = plan.cursor === undefined ? undefined : quoted(plan.cursor.column);
  const names = [...plan.columns.map(({ column }) => column), '_deleted'];
  const columns = names.map(quoted);
  const written = writtenRow(layout, names, 'change');
  const staged = await readLayout(client, quoted(stage));
  const newestFirst = ['s.id', ...(stamp === undefined ? [] : [`s.${stamp} desc nulls last`]), ...(isNumbered(staged) ? ['s._page desc'] : []), 's.ctid desc'].join(', ');
  const notOlder = stamp === undefined ? 'true' : `coalesce(s.${stamp} >= t.${stamp}, true)`;
  // Without numbers, or taking blocks for slow, the planner would read the whole table for a few changes.
  await client.query(`analyze ${quoted(stage)} (id)`);
  await client.query(`set local random_page_cost = 1.1`);
  await client.query(`set local work_mem = '32MB'`);
  const counted = await client.query<Counted>(
    `with newest as (select distinct on (s.id) s.* from ${openedRows(quoted(stage), staged, ['ctid'])} s order by ${newestFirst}),
          change as materialized (
            select ${columns.map((column) => `s.${column}`).join(', ')}, t.id is null as is_new, coalesce(t._deleted, false) as was_deleted, case when t.id is not null then to_jsonb(t) end as before, t._version as before_version
              from newest s left join ${openedRows(table, layout)} t on t.id = s.id
             where t.id is null or (${notOlder} and (${columns.map((column) => `t.${column}`).join(', ')}) is distinct from (${columns.map((column) => `s.${column}`).join(', ')}))),
          kept as (insert into ${quoted(schema)}.record_version (object, id, version, row) select $2, id, before_version, before from change where not is_new),
          written as (
            insert into ${table} (${written.columns.join(', ')}, _version, _synced_at) select ${written.values.join(', ')}, $1, now() from change
            on conflict (id) do update set ${[...written.assignments('excluded').filter((assignment) => !assignment.startsWith('"id" =')), '_version = excluded._version', '_synced_at = excluded._synced_at'].join(', ')})
     select (select count(*) from ${quoted(stage)}) as rows, (select count(*) from newest) as ids, count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated,
            count(*) filter (where _deleted and not was_deleted) as tombstones, count(*) filter (where was_deleted and not _deleted) as restored from change`, [version.toString(), plan.object]);
  const { rows, ids, inserted, updated, tombstones, restored } = one(counted);
  return {
    inserted: Number(inserted), updated: Number(updated), unchanged: Number(ids) - Number(inserted) - Number(updated), superseded: Number(rows) - Number(ids),
    tombstones: Number(tombstones), restored: Number(restored),
  };
}
