import type { PlannedColumn } from '../describe/column-plan.ts';
import type { RowBounds } from '../describe/row-bounds.ts';
import { quoted, type Sql } from '../sql.ts';
import { freeName, type ColumnChange } from './drift.ts';
import { grantsOn } from './grants.ts';
import { allColumns, groupName, groupTypeOf, openedGroups, ownFields, readLayout, rowsTableOf, wholeRowsOf, type ColumnGroup, type RowLayout, type StoredColumn } from './row-layout.ts';

/** A table that has groups of columns, or is to get some. */
export interface GroupedTable {
  readonly schema: string;
  /** Name of the object's table, which is or becomes a view. */
  readonly table: string;
  readonly layout: RowLayout;
  readonly bounds: RowBounds;
}

/** SQL of the type of a group. */
export function createType({ type, columns }: Pick<ColumnGroup, 'type' | 'columns'>): string {
  return `create type ${type} as (${columns.map(({ name, type: of }) => `${quoted(name)} ${of}`).join(', ')})`;
}

/**
 * Makes the two views that show each column of a table with groups: under the object's own name, for questions about some columns, and for readers of whole rows, where each group is opened once.
 * @param rows the table as SQL
 * @param order columns the views have already; others come behind
 */
export async function showColumns(sql: Sql, { schema, table }: Pick<GroupedTable, 'schema' | 'table'>, rows: string, layout: RowLayout, order: readonly string[] = []): Promise<void> {
  const names = new Set([...order, ...allColumns(layout).map(({ name }) => name)]);
  const groupOf = new Map(layout.groups.flatMap(({ name: group, columns }, index) => columns.map(({ name }) => [name, { group, index }] as const)));
  const list = (expression: (name: string, group: { readonly group: string; readonly index: number } | undefined) => string): string => [...names].map((name) => `${expression(quoted(name), groupOf.get(name))} as ${quoted(name)}`).join(', ');
  await sql.query(`create or replace view ${quoted(schema)}.${quoted(table)} as select ${list((name, of) => (of === undefined ? name : `(${quoted(of.group)}).${name}`))} from ${rows}`);
  await sql.query(`create or replace view ${quoted(schema)}.${quoted(wholeRowsOf(table))} as select ${list((name, of) => (of === undefined ? `r.${name}` : `g${of.index}.${name}`))} from ${openedGroups(rows, layout)}`);
}

/** Columns of an object in the order in which its view shows them. */
export async function shownColumns(sql: Sql, schema: string, table: string): Promise<string[]> {
  return (await readLayout(sql, `${quoted(schema)}.${quoted(table)}`)).own.map(({ name }) => name);
}

/** Makes room for what is new, in groups where the table has enough columns of its own, within the caller's transaction. What others built on the view stays, unless a type is widened that it shows. */
export async function changeGroupedTable(sql: Sql, grouped: GroupedTable, changes: readonly ColumnChange[]): Promise<void> {
  if (changes.length === 0) return;
  const { schema, table, layout, bounds } = grouped;
  const view = `${quoted(schema)}.${quoted(table)}`;
  const rows = `${quoted(schema)}.${quoted(rowsTableOf(table))}`;
  const grants = await grantsOn(sql, view);
  const isView = layout.groups.length > 0;
  if (!isView) await sql.query(`alter table ${view} rename to ${quoted(rowsTableOf(table))}`);
  const groupOf = (name: string): ColumnGroup | undefined => layout.groups.find(({ columns }) => columns.some((column) => column.name === name));
  const shown = isView ? await shownColumns(sql, schema, table) : layout.own.map(({ name }) => name);
  const views = isView ? [view, `${quoted(schema)}.${quoted(wholeRowsOf(table))}`] : [];

  const added: PlannedColumn[] = [];
  const converted: { readonly column: PlannedColumn; readonly from: ColumnGroup; readonly keptAs: string }[] = [];
  const taken = new Set(allColumns(layout).map(({ name }) => name));
  const widened: PlannedColumn[] = [];
  for (const change of changes) {
    const { column } = change;
    const group = groupOf(column.column);
    if (change.kind === 'add') added.push(column);
    else if (change.kind === 'widen' && group === undefined) widened.push(column);
    else {
      const keptAs = change.kind === 'replace' ? change.keptAs : freeName(`${column.column.slice(0, 40)}_was_narrow`, taken);
      taken.add(keptAs);
      await sql.query(group === undefined ? `alter table ${rows} rename column ${quoted(column.column)} to ${quoted(keptAs)}` : `alter type ${group.type} rename attribute ${quoted(column.column)} to ${quoted(keptAs)}`);
      for (const of of views) await sql.query(`alter view ${of} rename column ${quoted(column.column)} to ${quoted(keptAs)}`);
      shown[shown.indexOf(column.column)] = keptAs;
      added.push(column);
      if (change.kind === 'widen' && group !== undefined) converted.push({ column, from: group, keptAs });
    }
  }
  // A view does not let go of the type of a column it shows.
  if (widened.length > 0 && isView) await sql.query(`drop view ${views.join(', ')}`);
  if (widened.length > 0) await sql.query(`alter table ${rows} ${widened.map(({ column, type }) => `alter column ${quoted(column)} type ${type} using ${quoted(column)}::${type}`).join(', ')}`);
  await addColumns(sql, { schema, table, rows, layout, bounds }, added);
  const after = await readLayout(sql, rows);
  for (const { column: { column, type }, from, keptAs } of converted) {
    const old = `(r.${quoted(from.name)}).${quoted(keptAs)}`;
    const place = after.groups.find(({ columns }) => columns.some(({ name }) => name === column));
    await sql.query(`update ${rows} r set ${place === undefined ? '' : `${quoted(place.name)}.`}${quoted(column)} = ${old}::${type} where ${old} is not null`);
  }
  await showColumns(sql, grouped, rows, after, shown);
  for (const grant of grants) await sql.query(grant);
}

interface Additions extends GroupedTable {
  readonly rows: string;
}

async function addColumns(sql: Sql, { schema, table, rows, layout, bounds }: Additions, columns: readonly PlannedColumn[]): Promise<void> {
  const own = columns.slice(0, Math.max(0, bounds.own - ownFields(layout)));
  if (own.length > 0) await sql.query(`alter table ${rows} ${own.map(({ column, type }) => `add column ${quoted(column)} ${type}`).join(', ')}`);
  let rest = columns.slice(own.length).map(({ column, type }): StoredColumn => ({ name: column, type }));
  const last = layout.groups.at(-1);
  if (last !== undefined && last.columns.length < bounds.group && rest.length > 0) {
    const into = rest.slice(0, bounds.group - last.columns.length);
    await sql.query(`alter type ${last.type} ${into.map(({ name, type }) => `add attribute ${quoted(name)} ${type}`).join(', ')}`);
    rest = rest.slice(into.length);
  }
  for (let number = layout.groups.length + 1; rest.length > 0; number += 1) {
    const group = { type: `${quoted(schema)}.${quoted(groupTypeOf(table, number))}`, columns: rest.slice(0, bounds.group) };
    await sql.query(createType(group));
    await sql.query(`alter table ${rows} add column ${quoted(groupName(number))} ${group.type}`);
    rest = rest.slice(bounds.group);
  }
}
