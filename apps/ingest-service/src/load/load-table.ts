import type { PoolClient } from 'pg';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import { createDeletedList } from './deleted-list.ts';
import type { Staged } from './staged.ts';
import { grantsOn } from '../warehouse/grants.ts';
import { shownColumns, showColumns } from '../warehouse/grouped-table.ts';
import { findRowsTable, keyAndIndexes, qualified, type RowsTable } from '../warehouse/warehouse-table.ts';

/** Whether an object's table has no row yet. */
export async function isEmpty(sql: Sql, schema: string, table: string): Promise<boolean> {
  const { rows } = await sql.query<{ empty: boolean }>(`select not exists (select from ${qualified(schema, table)}) as empty`);
  return rows[0]?.empty === true;
}

/**
 * Makes a table like the object's own, whose rows already have the version they will get.
 * Its key and indexes are there from the start: exports come in the order of their Ids, which costs less than reading all rows again to make the indexes at the end.
 */
export async function createLoadTable(sql: Sql, name: string, schema: string, { plan, like }: { readonly plan: ColumnPlan; readonly like: RowsTable }): Promise<void> {
  const { rows: [known] } = await sql.query<{ version: string }>(`select (version + 1)::text as version from ${quoted(schema)}.sync_object where object = $1`, [plan.object]);
  await sql.query(`create table ${quoted(name)} (like ${like.rows} including defaults) with (autovacuum_enabled = off)`);
  await sql.query(`alter table ${quoted(name)} alter column _version set default ${BigInt(known?.version ?? '1').toString()}, alter column _synced_at set default now()`);
  for (const statement of keyAndIndexes(quoted(name))) await sql.query(statement);
  await createDeletedList(sql, name);
}

const uniqueViolation = '23505';

/** Two pages that come at the same time wait for each other's rows. */
const deadlock = '40P01';

/** Whether a page could not be written because one of its rows was in the table already, or in another page that is just being written. */
export function isRowTwice(error: unknown, name: string): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === deadlock || (error.code === uniqueViolation && 'table' in error && error.table === name);
}

/** Takes the key off a table made by `createLoadTable`; `promote` makes it anew. */
export async function allowDoubles(sql: Sql, name: string): Promise<void> {
  await sql.query(`alter table ${quoted(name)} drop constraint if exists ${quoted(`${name}_pkey`)}`);
}

/** Version the rows of a table made by `createLoadTable` have; undefined for any other table. */
async function loadVersion(sql: Sql, name: string): Promise<string | undefined> {
  const { rows: [found] } = await sql.query<{ version: string }>(
    `select substring(pg_get_expr(d.adbin, d.adrelid) from '\\d+') as version from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = to_regclass($1) and a.attname = '_version'`, [quoted(name)]);
  return found?.version;
}

/** A table filled by COPY and the table whose place it takes. */
export interface Promotion {
  readonly loaded: string;
  readonly schema: string;
  readonly plan: ColumnPlan;
  /** Version of the window that is being committed. */
  readonly version: bigint;
  /** What the pages brought. */
  readonly staged: Staged;
  /** Whether the other table may have rows, which go along as they are. */
  readonly joins: boolean;
}

/** What became of a loaded table. */
export interface Promoted {
  /** Rows that were read twice and whose newer one stays. */
  readonly superseded: number;
  readonly tombstones: number;
}

/**
 * Lets a loaded table take the place of the object's empty table, or of one whose rows it takes over, within the caller's transaction.
 * @returns undefined when it cannot: it is no loaded table, the other has rows or another shape by now, a row is in both, or something depends on it
 */
export async function promote(client: PoolClient, promotion: Promotion): Promise<Promoted | undefined> {
  const { loaded, schema, plan, version, staged, joins } = promotion;
  if ((await loadVersion(client, loaded)) !== version.toString()) return undefined;
  const hasRows = !(await isEmpty(client, schema, plan.table));
  const place = await findRowsTable(client, schema, plan.table);
  if ((hasRows && !joins) || !(await sameColumns(client, loaded, place.rows))) return undefined;
  await client.query('savepoint promote');
  let superseded = 0;
  let deletedBefore = 0;
  try {
    if (!(await hasKey(client, quoted(loaded)))) superseded = await addKey(client, quoted(loaded), plan);
    if (hasRows) deletedBefore = await takeRows(client, loaded, place.rows);
    await takePlace(client, promotion, place);
  } catch (error) {
    if (!isHindered(error)) throw error;
    await client.query('rollback to savepoint promote');
    return undefined;
  }
  await client.query(`alter table ${place.rows} reset (autovacuum_enabled)`);
  // A small sample shows the planner that few rows are deleted; a better one comes by itself.
  await client.query(`set local default_statistics_target = 3`);
  await client.query(`analyze ${place.rows}`);
  return { superseded, tombstones: superseded === 0 ? staged.deleted : (await deletedRows(client, place.rows)) - deletedBefore };
}

/** Brings the rows of the object's table, as they are, into the loaded one. @returns how many of them are deleted */
async function takeRows(client: PoolClient, loaded: string, table: string): Promise<number> {
  // The columns are the same in the same order, those of removed fields among them.
  await client.query(`insert into ${quoted(loaded)} select * from ${table}`);
  return deletedRows(client, table);
}

async function deletedRows(sql: Sql, table: string): Promise<number> {
  const { rows: [counted] } = await sql.query<{ count: string }>(`select count(*) as count from ${table} where _deleted`);
  return Number(counted?.count ?? 0);
}

/** Names, types and order; defaults do not matter. */
async function sameColumns(sql: Sql, loaded: string, table: string): Promise<boolean> {
  const shape = `(select array_agg((attname, atttypid, atttypmod)::text order by attnum) from pg_attribute where attrelid = $NUMBER::regclass and attnum > 0 and not attisdropped)`;
  const { rows } = await sql.query<{ same: boolean }>(`select ${shape.replace('$NUMBER', '$1')} = ${shape.replace('$NUMBER', '$2')} as same`, [quoted(loaded), table]);
  return rows[0]?.same === true;
}

/** Who may read the empty table may read the full one. */
async function takePlace(client: PoolClient, { loaded, schema, plan }: Promotion, { name, rows, layout }: RowsTable): Promise<void> {
  await client.query(`set local lock_timeout = '10s'`);
  await client.query(`alter table ${quoted(loaded)} alter column _version drop default, alter column _synced_at drop default`);
  const grants = await grantsOn(client, rows);
  if (layout.groups.length > 0) await showColumns(client, { schema, table: plan.table }, quoted(loaded), layout, await shownColumns(client, schema, plan.table));
  await client.query(`drop table ${rows}`);
  await client.query(`alter table ${quoted(loaded)} set schema ${quoted(schema)}`);
  await client.query(`alter table ${qualified(schema, loaded)} rename to ${quoted(name)}`);
  for (const grant of grants) await client.query(grant);
  await client.query(`set local lock_timeout = 0`);
}

/** A view stands on the table, somebody reads it for long, or it has a row that was loaded too. */
function isHindered(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '2BP01' || error.code === '55P03' || error.code === uniqueViolation);
}

async function hasKey(sql: Sql, table: string): Promise<boolean> {
  const { rows } = await sql.query('select from pg_index where indrelid = $1::regclass and indisprimary', [table]);
  return rows.length > 0;
}

/** Makes the key of a table in which rows may be twice. @returns rows removed, whose newer one stays */
async function addKey(client: PoolClient, table: string, plan: ColumnPlan): Promise<number> {
  const stamp = plan.cursor === undefined ? '' : `${quoted(plan.cursor.column)} desc nulls last, `;
  const { rowCount } = await client.query(
    `delete from ${table} t using (select ctid as place, row_number() over (partition by id order by ${stamp}ctid desc) as nth from ${table}) d where d.place = t.ctid and d.nth > 1`);
  await client.query(`set local maintenance_work_mem = '128MB'`);
  await client.query(`alter table ${table} add primary key (id)`);
  return rowCount ?? 0;
}
