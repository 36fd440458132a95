import type { PoolClient } from 'pg';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { writingRows } from '../load/row-too-wide.ts';
import { one, quoted } from '../sql.ts';
import { assignedColumns, openedRows, readLayout } from '../warehouse/row-layout.ts';
import { findRowsTable } from '../warehouse/warehouse-table.ts';

/** Some columns of rows, staged, and the table they go into. */
export interface ColumnMerge {
  readonly schema: string;
  readonly stage: string;
  /** Plan of what was staged. */
  readonly plan: ColumnPlan;
  /** Columns that are written. */
  readonly columns: readonly string[];
  /** Version the changed rows get. */
  readonly version: bigint;
}

export interface ColumnMergeCounts {
  readonly updated: number;
  readonly unchanged: number;
  /** Staged rows that another staged row of the same Id replaces. */
  readonly superseded: number;
}

type Counted = Readonly<Record<'rows' | 'ids' | 'updated', string>> & { readonly [column: string]: unknown };

/**
 * Writes some columns of rows the table has, within the caller's transaction. Rows it has not, or has newer, are the business of the next window.
 * @throws InvalidInput `ROW_TOO_WIDE`
 */
export async function mergeColumns(client: PoolClient, { schema, stage, plan, columns, version }: ColumnMerge): Promise<ColumnMergeCounts> {
  const { rows: table, layout } = await findRowsTable(client, schema, plan.table);
  const staged = openedRows(quoted(stage), await readLayout(client, quoted(stage)), ['ctid']);
  const stamp = plan.cursor === undefined ? undefined : quoted(plan.cursor.column);
  const names = columns.map(quoted);
  await client.query(`analyze ${quoted(stage)} (id)`);
  await client.query(`set local work_mem = '32MB'`);
  const counted = await writingRows(client.query<Counted>(
    `with newest as (select distinct on (s.id) s.* from ${staged} s order by s.id${stamp === undefined ? '' : `, s.${stamp} desc nulls last`}, s._page desc, s.ctid desc),
          change as materialized (
            select s.id, ${names.map((name) => `s.${name}`).join(', ')}, to_jsonb(t) as before, t._version as before_version
              from newest s join ${openedRows(table, layout)} t on t.id = s.id
             where (${names.map((name) => `t.${name}`).join(', ')}) is distinct from (${names.map((name) => `s.${name}`).join(', ')})${stamp === undefined ? '' : ` and coalesce(s.${stamp} >= t.${stamp}, true)`}),
          kept as (insert into ${quoted(schema)}.record_version (object, id, version, row) select $2, id, before_version, before from change),
          written as (update ${table} t set ${assignedColumns(layout, columns, 'c').join(', ')}, _version = $1, _synced_at = now() from change c where c.id = t.id)
     select (select count(*) from ${quoted(stage)}) as rows, (select count(*) from newest) as ids, count(*) as updated from change`, [version.toString(), plan.object]));
  const { rows, ids, updated } = one(counted);
  return { updated: Number(updated), unchanged: Number(ids) - Number(updated), superseded: Number(rows) - Number(ids) };
}
