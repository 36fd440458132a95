import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ColumnType } from '../describe/column-type.ts';
import { quoted, type Sql } from '../sql.ts';
import { columnChanges, type ColumnChange } from './drift.ts';

const typeNames: Readonly<Record<string, ColumnType>> = {
  text: 'text', boolean: 'boolean', bigint: 'bigint', numeric: 'numeric', date: 'date', 'timestamp with time zone': 'timestamptz', 'time without time zone': 'time',
};

/** `schema.table` as SQL. */
export function qualified(schema: string, table: string): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

/** What makes the key and the indexes of an object's table: by Id, by version, and the few deleted rows. */
export function keyAndIndexes(table: string): string[] {
  return [`alter table ${table} add primary key (id)`, `create index on ${table} (_version)`, `create index on ${table} (id) where _deleted`];
}

/**
 * Makes an object's table fit its plan: creates it, adds columns, widens types; nothing is ever dropped.
 * @returns whether columns are new in a table that has rows, so that unchanged rows must be read again
 */
export async function fitTable(sql: Sql, schema: string, plan: ColumnPlan): Promise<{ readonly created: boolean; readonly changes: readonly ColumnChange[] }> {
  const present = await presentColumns(sql, schema, plan.table);
  const table = qualified(schema, plan.table);
  if (present.size === 0) {
    const columns = plan.columns.map(({ column, type }) => `${quoted(column)} ${type}${column === 'id' ? ' not null' : ''}`);
    await sql.query(`create table ${table} (${[...columns, '_version bigint not null', '_synced_at timestamptz not null', '_deleted boolean not null'].join(', ')})`);
    for (const statement of keyAndIndexes(table)) await sql.query(statement);
    return { created: true, changes: [] };
  }
  const changes = columnChanges(plan, present);
  const clauses = changes.filter(({ kind }) => kind !== 'replace').map(clause);
  for (const change of changes) if (change.kind === 'replace') await sql.query(`alter table ${table} rename column ${quoted(change.column.column)} to ${quoted(change.keptAs)}`);
  clauses.push(...changes.filter(({ kind }) => kind === 'replace').map(({ column }) => `add column ${quoted(column.column)} ${column.type}`));
  if (clauses.length > 0) await sql.query(`alter table ${table} ${clauses.join(', ')}`);
  return { created: false, changes };
}

function clause({ kind, column: { column, type } }: ColumnChange): string {
  const name = quoted(column);
  return kind === 'widen' ? `alter column ${name} type ${type} using ${name}::${type}` : `add column ${name} ${type}`;
}

async function presentColumns(sql: Sql, schema: string, table: string): Promise<Map<string, ColumnType>> {
  const { rows } = await sql.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped`, [schema, table]);
  return new Map(rows.map(({ name, type }) => [name, typeNames[type] ?? 'text']));
}
