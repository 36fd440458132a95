import { WorkspaceId } from '@tributary/event-contracts';
import { Client } from 'pg';
import { schemaOf } from '../warehouse/catalogue.ts';

export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** Salesforce types of fields, by name; the scale of a number after a colon. */
export type Fields = Readonly<Record<string, string>>;

const columnTypes: Readonly<Record<string, string>> = { boolean: 'boolean', int: 'bigint', double: 'numeric', currency: 'numeric', percent: 'numeric', date: 'date', datetime: 'timestamptz', time: 'time' };

/** Where connections are at home whose test does not say otherwise. */
export const homeWorkspace = WorkspaceId.parse('0199aa00-0000-7000-8000-00000000000b');

/** A warehouse schema exactly as docs/warehouse.md describes it, written by hand in the place of ingest-service. */
export class HandMadeWarehouse {
  readonly schema: string;
  readonly #client: Client;
  readonly #fields = new Map<string, Fields>();

  private constructor(
    readonly connectionId: string,
    ingestUrl: string,
  ) {
    this.schema = schemaOf(connectionId);
    this.#client = new Client({ connectionString: ingestUrl });
  }

  /** @param ingestUrl address with the role of ingest-service */
  static async create(ingestUrl: string, connectionId: string): Promise<HandMadeWarehouse> {
    const warehouse = new HandMadeWarehouse(connectionId, ingestUrl);
    const { schema } = warehouse;
    await warehouse.#client.connect();
    await warehouse.sql(`create schema ${schema}; grant usage on schema ${schema} to tributary_warehouse_reader;
      alter default privileges in schema ${schema} grant select on tables to tributary_warehouse_reader;
      create table ${schema}.sync_object (object text primary key, table_name text not null, label text not null, status text not null default 'waiting', reason text, source_rows bigint,
        stored_rows bigint not null default 0, tombstones bigint not null default 0, version bigint not null default 0, cursor_field text, settled_until timestamptz, as_of timestamptz,
        loaded_at timestamptz, last_receipt uuid, position integer not null default 0);
      alter table ${schema}.sync_object enable row level security; alter table ${schema}.sync_object force row level security;
      create policy workspace_scope on ${schema}.sync_object using (coalesce(current_setting('tributary.workspace_id', true), '') in ('', '${homeWorkspace}'));
      create table ${schema}.field_catalogue (object text not null, field text not null, label text not null, type text not null, column_name text, column_type text, precision integer, scale integer,
        custom boolean not null, formula boolean not null, position integer not null, seen_from timestamptz not null default now(), seen_until timestamptz);`);
    return warehouse;
  }

  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#client.query<Record<string, unknown>>(text, values.length === 0 ? undefined : values)).rows;
  }

  /** An object with its fields, complete and without rows. */
  async object(name: string, fields: Fields, { asOf = '2026-11-23T09:14:02.000Z', status = 'complete' }: { readonly asOf?: string; readonly status?: string } = {}): Promise<void> {
    this.#fields.set(name, { Id: 'id', ...fields });
    await this.sql(`create table ${this.schema}.${table(name)} (id text primary key, _version bigint not null, _synced_at timestamptz not null default now(), _deleted boolean not null default false)`);
    await this.sql(`create index on ${this.schema}.${table(name)} (_version)`);
    await this.sql(`insert into ${this.schema}.sync_object (object, table_name, label, status, source_rows, as_of, loaded_at) values ($1, $2, $1, $3, 0, $4, $5)`, [name, name.toLowerCase(), status, asOf, status === 'complete' ? asOf : null]);
    await this.#describe(name, 'Id', 'id', 0);
    for (const [position, [field, type]] of Object.entries(fields).entries()) await this.addField(name, field, type, position + 1);
  }

  /** Columns of an object's table, quoted. */
  async columns(object: string): Promise<string[]> {
    const rows = await this.sql(`select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`, [`${this.schema}.${table(object)}`]);
    return rows.map(({ name }) => String(name));
  }

  async addField(object: string, field: string, type: string, position = 99): Promise<void> {
    this.#fields.set(object, { ...this.#fields.get(object), [field]: type });
    await this.sql(`alter table ${this.schema}.${table(object)} add column ${quoted(field)} ${columnTypes[type.split(':')[0] ?? ''] ?? 'text'}`);
    await this.#describe(object, field, type, position);
  }

  /** One committed window: the rows take the object's next version. */
  async write(object: string, ...rows: readonly Row[]): Promise<void> {
    await this.sql('begin');
    const [locked] = await this.sql(`update ${this.schema}.sync_object set version = version + 1 where object = $1 returning version`, [object]);
    for (const row of rows) {
      const { _deleted = false, ...fields } = row;
      const names = Object.keys(fields);
      const columns = [...names.map(quoted), '_version', '_deleted'];
      await this.sql(`insert into ${this.schema}.${table(object)} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})
        on conflict (id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`, [...names.map((name) => fields[name]), locked?.['version'], _deleted]);
    }
    await this.sql(`update ${this.schema}.sync_object s set (stored_rows, source_rows, tombstones) = (select count(*), count(*), count(*) filter (where _deleted) from ${this.schema}.${table(object)}) where object = $1`, [object]);
    await this.sql('commit');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #describe(object: string, field: string, type: string, position: number): Promise<void> {
    const [name = '', scale = null] = type.split(':');
    await this.sql(`insert into ${this.schema}.field_catalogue (object, field, label, type, column_name, column_type, scale, custom, formula, position) values ($1, $2, $3, $4, $5, $6, $7, false, false, $8)`,
      [object, field, label(field), name, field.toLowerCase(), columnTypes[name] ?? 'text', scale, position]);
  }
}

/** `StageName` is read as `Stage Name`. */
function label(field: string): string {
  return field.replace(/([a-z])([A-Z])/g, '$1 $2');
}

function table(object: string): string {
  return quoted(object);
}

function quoted(name: string): string {
  return `"${name.toLowerCase().replaceAll('"', '""')}"`;
}
