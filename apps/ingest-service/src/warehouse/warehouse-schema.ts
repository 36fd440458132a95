import { formulaTables } from '../formula/formula-columns.store.ts';
import { quoted, type Sql } from '../sql.ts';
import { warehouseScope } from './warehouse-scope.ts';

/** Role that analytics and BI tools have; it may be absent. */
const readerRole = 'tributary_warehouse_reader';

/** What came last to these schemas, in the order of their birth. */
const newestTables = ['formula_column', 'tombstone'];
const newestColumn = { table: 'receipt', column: 'pages' };

/** Name of the schema with a connection's rows. */
export function warehouseSchemaOf(connectionId: string): string {
  return `c_${connectionId.replaceAll('-', '')}`;
}

/** Makes a connection's schema with its bookkeeping tables, readable by the reader role. Safe to repeat. @param workspaceId whose requests see it; null for nobody's */
export async function ensureWarehouse(sql: Sql, schema: string, workspaceId: string | null): Promise<void> {
  // An older schema is brought up to date.
  const { rows } = await sql.query(
    `select 1 from pg_tables where schemaname = $1 and tablename = any($2)
     union all select 1 from pg_attribute where attrelid = to_regclass($3) and attname = $4
     union all select 1 from pg_policies where schemaname = $1 and tablename = 'sync_object' and strpos(qual, $5) > 0`,
    [schema, newestTables, `${quoted(schema)}.${newestColumn.table}`, newestColumn.column, workspaceId ?? '']);
  if (rows.length === newestTables.length + 2) return;
  const name = quoted(schema);
  await sql.query(`create schema if not exists ${name}`);
  for (const statement of [...bookkeeping(name), ...additions(name), ...formulaTables(name), ...warehouseScope(schema, workspaceId)]) await sql.query(statement);
  const reader = await sql.query('select 1 from pg_roles where rolname = $1', [readerRole]);
  if (reader.rows.length === 0) return;
  await sql.query(`grant usage on schema ${name} to ${readerRole}`);
  await sql.query(`grant select on all tables in schema ${name} to ${readerRole}`);
  await sql.query(`alter default privileges in schema ${name} grant select on tables to ${readerRole}`);
}

/** Whether a connection's schema has a bookkeeping table; none before the first run. */
export async function hasWarehouseTable(sql: Sql, schema: string, table: string): Promise<boolean> {
  const { rows: [found] } = await sql.query<{ name: string | null }>('select to_regclass($1)::text as name', [`${quoted(schema)}.${table}`]);
  return found !== undefined && found.name !== null;
}

/** Removes everything of a connection from the warehouse. */
export async function dropWarehouse(sql: Sql, schema: string): Promise<void> {
  await sql.query(`drop schema if exists ${quoted(schema)} cascade`);
}

function bookkeeping(schema: string): string[] {
  return [
    `create table if not exists ${schema}.sync_object (
       object text primary key,
       table_name text not null,
       label text not null,
       status text not null default 'waiting',
       reason text,
       source_rows bigint,
       stored_rows bigint not null default 0,
       tombstones bigint not null default 0,
       version bigint not null default 0,
       cursor_field text,
       settled_until timestamptz,
       as_of timestamptz,
       loaded_at timestamptz,
       last_receipt uuid,
       position integer not null default 0,
       -- a column was added: rows that have not changed must be read again
       reread boolean not null default false
     )`,
    `create table if not exists ${schema}.receipt (
       id uuid primary key,
       run_id uuid not null,
       object text not null,
       from_version bigint not null,
       to_version bigint not null,
       api text not null,
       source_count bigint,
       job_count bigint,
       parsed bigint not null,
       inserted bigint not null,
       updated bigint not null,
       unchanged bigint not null,
       superseded bigint not null default 0,
       tombstones bigint not null,
       substitutions bigint not null,
       api_calls integer not null,
       window_from timestamptz,
       window_until timestamptz,
       settled_until timestamptz,
       complete boolean not null,
       reason text,
       committed_at timestamptz not null default now()
     )`,
    `create index if not exists receipt_run on ${schema}.receipt (run_id)`,
    `create table if not exists ${schema}.field_catalogue (
       object text not null,
       field text not null,
       label text not null,
       type text not null,
       column_name text,
       column_type text,
       precision integer,
       scale integer,
       custom boolean not null,
       formula boolean not null,
       position integer not null,
       excluded_because text,
       seen_from timestamptz not null default now(),
       seen_until timestamptz
     )`,
    `create unique index if not exists field_catalogue_present on ${schema}.field_catalogue (object, field) where seen_until is null`,
    `create table if not exists ${schema}.record_version (
       object text not null,
       id text not null,
       version bigint not null,
       replaced_at timestamptz not null default now(),
       row jsonb not null,
       primary key (object, id, version)
     )`,
    // why rows are marked as deleted
    `create table if not exists ${schema}.tombstone (
       object text not null,
       id text not null,
       reason text not null check (reason in ('deleted', 'purged', 'not visible')),
       found_at timestamptz not null default now(),
       primary key (object, id)
     )`,
  ];
}

/** What tables of the beginning have besides by now. */
function additions(schema: string): string[] {
  return [
    // when all rows were last read with all columns
    `alter table ${schema}.sync_object add column if not exists read_whole_at timestamptz`,
    `alter table ${schema}.receipt add column if not exists scope text not null default 'rows', add column if not exists pages integer`,
    `alter table ${schema}.field_catalogue add column if not exists reference_to text[] not null default '{}', add column if not exists relationship_name text,
       add column if not exists durable_id text, add column if not exists picklist_values jsonb, add column if not exists ended_by text, add column if not exists renamed_to text`,
  ];
}
