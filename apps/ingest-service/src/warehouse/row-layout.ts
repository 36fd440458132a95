import { createHash } from 'node:crypto';
import type { PlannedColumn } from '../describe/column-plan.ts';
import type { ColumnType } from '../describe/column-type.ts';
import type { RowBounds } from '../describe/row-bounds.ts';
import { quoted, type Sql } from '../sql.ts';

/** A column as the database knows it. */
export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Columns that are one value of their row, of a composite type, so that they lie outside of the row's page when they are large. */
export interface ColumnGroup {
  readonly name: string;
  /** Composite type as SQL. */
  readonly type: string;
  /** In the order of the type. */
  readonly columns: readonly StoredColumn[];
}

/** Where the columns of a table are. */
export interface RowLayout {
  /** Columns of their own, bookkeeping ones included, in the order of the table. */
  readonly own: readonly StoredColumn[];
  /** None but in tables that are wide. */
  readonly groups: readonly ColumnGroup[];
}

const typeNames: Readonly<Record<string, ColumnType>> = {
  text: 'text', boolean: 'boolean', bigint: 'bigint', numeric: 'numeric', date: 'date', 'timestamp with time zone': 'timestamptz', 'time without time zone': 'time',
};

const maxNameLength = 63;

/** Name of the table that has the rows of an object with groups; the object's own name is then a view of it. */
export function rowsTableOf(table: string): string {
  return derivedName(table, '__rows');
}

/** Name of the view for readers of whole rows. */
export function wholeRowsOf(table: string): string {
  return derivedName(table, '__whole');
}

/** Name of the type of a group. */
export function groupTypeOf(table: string, number: number): string {
  return derivedName(table, `__group_${number}`);
}

/** Different names stay different, however long they are. */
function derivedName(name: string, suffix: string): string {
  if (name.length + suffix.length <= maxNameLength) return `${name}${suffix}`;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, maxNameLength - suffix.length - hash.length - 1)}_${hash}${suffix}`;
}

/** Name of a group; fields begin with a letter. */
export function groupName(number: number): string {
  return `_group_${number}`;
}

/** Cuts columns into those of their own and those of each group, in the order given. */
export function splitColumns<Column>(columns: readonly Column[], bounds: RowBounds): { readonly own: readonly Column[]; readonly groups: readonly (readonly Column[])[] } {
  const rest = columns.slice(bounds.own);
  return { own: columns.slice(0, bounds.own), groups: Array.from({ length: Math.ceil(rest.length / bounds.group) }, (_, index) => rest.slice(index * bounds.group, (index + 1) * bounds.group)) };
}

/** @param relations as SQL, of which the first that exists is looked at. @returns no columns when none does */
export async function readLayout(sql: Sql, ...relations: readonly string[]): Promise<RowLayout> {
  const { rows } = await sql.query<{ name: string; type: string; columns: [string, string][] | null }>(
    `select a.attname as name, format_type(a.atttypid, null) as type,
            (select array_agg(array[g.attname::text, format_type(g.atttypid, null)] order by g.attnum) from pg_type t join pg_attribute g on g.attrelid = t.typrelid
              where t.oid = a.atttypid and t.typtype = 'c' and not g.attisdropped) as columns
       from pg_attribute a where a.attrelid = coalesce(${relations.map((_, index) => `to_regclass($${index + 1})`).join(', ')}) and a.attnum > 0 and not a.attisdropped order by a.attnum`, [...relations]);
  return {
    own: rows.filter(({ columns }) => columns === null).map(storedColumn),
    groups: rows.flatMap(({ name, type, columns }) => (columns === null ? [] : [{ name, type, columns: columns.map(([column, of]) => storedColumn({ name: column, type: of })) }])),
  };
}

function storedColumn({ name, type }: { readonly name: string; readonly type: string }): StoredColumn {
  return { name, type: typeNames[type] ?? 'text' };
}

/** How many fields have columns of their own. */
export function ownFields({ own }: RowLayout): number {
  return own.filter(({ name }) => !name.startsWith('_')).length;
}

/** Every column of a layout. */
export function allColumns({ own, groups }: RowLayout): readonly StoredColumn[] {
  return [...own, ...groups.flatMap(({ columns }) => columns)];
}

/**
 * Rows of a table with each of their columns, as a source in SQL: a group is opened once for each row, where naming its columns one by one would open it once for each of them.
 * @param system columns of PostgreSQL to have as well, such as `ctid`
 */
export function openedRows(relation: string, { own, groups }: RowLayout, system: readonly string[] = []): string {
  if (groups.length === 0) return relation;
  const columns = [...[...system, ...own.map(({ name }) => quoted(name))].map((name) => `r.${name}`), ...groups.map((_, index) => `g${index}.*`)];
  return `(select ${columns.join(', ')} from ${openedGroups(relation, { groups })})`;
}

/** Rows of a table as `r`, and beside each its groups, opened once, as `g0`, `g1` and so on; what follows `from` in SQL. */
export function openedGroups(relation: string, { groups }: Pick<RowLayout, 'groups'>): string {
  return `${relation} r ${groups.map(({ name }, index) => `cross join lateral unnest(array[r.${quoted(name)}]) g${index}`).join(' ')}`;
}

/** What goes into each column of a row when values of some columns are written. */
export interface WrittenRow {
  /** Columns of the table as SQL, and beside each the value it gets. */
  readonly columns: readonly string[];
  readonly values: readonly string[];
  /** What an update of a row that is there assigns. @param from the row with the new values, laid out like the table; the others keep theirs */
  readonly assignments: (from: string) => readonly string[];
}

/** @param names columns that are written. @param from row with a column for each of them */
export function writtenRow({ own, groups }: RowLayout, names: readonly string[], from: string): WrittenRow {
  const wanted = new Set(names);
  const plain = own.filter(({ name }) => wanted.has(name)).map(({ name }) => quoted(name));
  const touched = groups.filter(({ columns }) => columns.some(({ name }) => wanted.has(name)));
  return {
    columns: [...plain, ...touched.map(({ name }) => quoted(name))],
    values: [...plain.map((name) => `${from}.${name}`), ...touched.map((group) => closedGroup(group, wanted, from))],
    assignments: (row) => [
      ...plain.map((name) => `${name} = ${row}.${name}`),
      ...touched.flatMap(({ name: group, columns }) => (columns.every(({ name }) => wanted.has(name)) ? [`${quoted(group)} = ${row}.${quoted(group)}`]
        : columns.filter(({ name }) => wanted.has(name)).map(({ name }) => `${quoted(group)}.${quoted(name)} = (${row}.${quoted(group)}).${quoted(name)}`))),
    ],
  };
}

/** What an update assigns that brings some columns. @param from row with a column for each of them */
export function assignedColumns({ own, groups }: RowLayout, names: readonly string[], from: string): readonly string[] {
  const wanted = new Set(names);
  return [
    ...own.filter(({ name }) => wanted.has(name)).map(({ name }) => `${quoted(name)} = ${from}.${quoted(name)}`),
    ...groups.flatMap(({ name: group, columns }) => columns.filter(({ name }) => wanted.has(name)).map(({ name }) => `${quoted(group)}.${quoted(name)} = ${from}.${quoted(name)}`)),
  ];
}

/** A group of nothing takes no room. */
function closedGroup({ type, columns }: ColumnGroup, wanted: ReadonlySet<string>, from: string): string {
  const values = columns.map(({ name, type: of }) => (wanted.has(name) ? `${from}.${quoted(name)}` : `null::${of}`));
  const filled = columns.filter(({ name }) => wanted.has(name)).map(({ name }) => `${from}.${quoted(name)}`);
  return `case when num_nonnulls(${filled.join(', ')}) > 0 then row(${values.join(', ')})::${type} end`;
}

/** Columns read side by side that are written together: one of its own, or the whole of a group. */
export interface Slot {
  readonly column: string;
  readonly group: ColumnGroup | undefined;
}

/**
 * How rows whose values come in the order of a plan are written into a table without sorting them.
 * @returns undefined when the order of the plan is not that of the table's groups
 */
export function slotsOf({ own, groups }: RowLayout, columns: readonly Pick<PlannedColumn, 'column'>[]): readonly Slot[] | undefined {
  const plain = new Set(own.map(({ name }) => name));
  const slots: Slot[] = [];
  for (let index = 0; index < columns.length; ) {
    const name = columns[index]?.column ?? '';
    const group = plain.has(name) ? undefined : groups.find(({ columns: [first] }) => first?.name === name);
    const isWhole = group?.columns.every((column, offset) => columns[index + offset]?.column === column.name) === true;
    if (!plain.has(name) && !isWhole) return undefined;
    slots.push({ column: group?.name ?? name, group });
    index += group?.columns.length ?? 1;
  }
  return slots;
}
