import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import { columnChanges, type ColumnChange } from './drift.ts';
import { changeGroupedTable, createType, showColumns } from './grouped-table.ts';
import { allColumns, groupName, groupTypeOf, ownFields, readLayout, rowsTableOf, splitColumns, type RowLayout } from './row-layout.ts';

/** `schema.table` as SQL. */
export function qualified(schema: string, table: string): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

/** What makes the key and the indexes of an object's table: by Id, by version, and the few deleted rows. */
export function keyAndIndexes(table: string): string[] {
  return [`alter table ${table} add primary key (id)`, `create index on ${table} (_version)`, `create index on ${table} (id) where _deleted`];
}

/** Where an object's rows are written. */
export interface RowsTable {
  /** Name of the table without its schema: the object's, or that of the one under its view. */
  readonly name: string;
  /** The same with its schema, as SQL. */
  readonly rows: string;
  /** Without columns when the object has no table yet. */
  readonly layout: RowLayout;
}

/** Finds where the rows of an object are written; they are read by its own name. */
export async function findRowsTable(sql: Sql, schema: string, table: string): Promise<RowsTable> {
  const layout = await readLayout(sql, qualified(schema, rowsTableOf(table)), qualified(schema, table));
  const name = layout.groups.length > 0 ? rowsTableOf(table) : table;
  return { name, rows: qualified(schema, name), layout };
}

/**
 * Makes an object's table fit its plan: creates it, adds columns, widens types; nothing is ever dropped.
 * Columns beyond those that a row of PostgreSQL surely holds go into groups, and the object's name becomes a view with every column.
 * @returns whether columns are new in a table that has rows, so that unchanged rows must be read again
 */
export async function fitTable(sql: Sql, schema: string, plan: ColumnPlan): Promise<{ readonly created: boolean; readonly changes: readonly ColumnChange[] }> {
  const { rows, layout } = await findRowsTable(sql, schema, plan.table);
  if (layout.own.length === 0) {
    await createTable(sql, schema, plan);
    return { created: true, changes: [] };
  }
  const changes = columnChanges(plan, new Map(allColumns(layout).map(({ name, type }) => [name, type])));
  const added = changes.filter(({ kind }) => kind !== 'widen').length;
  if (layout.groups.length > 0 || (added > 0 && ownFields(layout) + added > plan.rowBounds.own)) await changeGroupedTable(sql, { schema, table: plan.table, layout, bounds: plan.rowBounds }, changes);
  else await changeTable(sql, rows, changes);
  return { created: false, changes };
}

async function createTable(sql: Sql, schema: string, { table, columns, rowBounds }: ColumnPlan): Promise<void> {
  const { own, groups } = splitColumns(columns, rowBounds);
  const isGrouped = groups.length > 0;
  const rows = qualified(schema, isGrouped ? rowsTableOf(table) : table);
  const types = groups.map((of, index) => ({ name: groupName(index + 1), type: qualified(schema, groupTypeOf(table, index + 1)), columns: of.map(({ column, type }) => ({ name: column, type })) }));
  for (const group of types) await sql.query(createType(group));
  await sql.query(`create table ${rows} (${[
    ...own.map(({ column, type }) => `${quoted(column)} ${type}${column === 'id' ? ' not null' : ''}`), ...types.map(({ name, type }) => `${quoted(name)} ${type}`),
    '_version bigint not null', '_synced_at timestamptz not null', '_deleted boolean not null',
  ].join(', ')})`);
  for (const statement of keyAndIndexes(rows)) await sql.query(statement);
  if (isGrouped) await showColumns(sql, { schema, table }, rows, await readLayout(sql, rows));
}

async function changeTable(sql: Sql, table: string, changes: readonly ColumnChange[]): Promise<void> {
  const clauses = changes.filter(({ kind }) => kind !== 'replace').map(clause);
  for (const change of changes) if (change.kind === 'replace') await sql.query(`alter table ${table} rename column ${quoted(change.column.column)} to ${quoted(change.keptAs)}`);
  clauses.push(...changes.filter(({ kind }) => kind === 'replace').map(({ column }) => `add column ${quoted(column.column)} ${column.type}`));
  if (clauses.length > 0) await sql.query(`alter table ${table} ${clauses.join(', ')}`);
}

function clause({ kind, column: { column, type } }: ColumnChange): string {
  const name = quoted(column);
  return kind === 'widen' ? `alter column ${name} type ${type} using ${name}::${type}` : `add column ${name} ${type}`;
}
