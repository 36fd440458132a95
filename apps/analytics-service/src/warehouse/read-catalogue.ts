import type { PoolClient } from 'pg';
import { z } from 'zod';
import { schemaOf, type Catalogue, type ColumnType, type CopiedObject, type Field } from './catalogue.ts';

const count = z.string().regex(/^\d+$/).transform(BigInt);
const instant = z.string().transform((text) => new Date(text));

const objectRow = z.object({
  object: z.string(), table_name: z.string(), whole_table: z.string(), label: z.string().nullable(),
  status: z.enum(['waiting', 'loading', 'complete', 'partial', 'failed']), reason: z.string().nullable(),
  source_rows: count.nullable(), stored_rows: count, tombstones: count, version: count,
  as_of: instant.nullable(), loaded_at: instant.nullable(), last_receipt: z.string().nullable(),
});

const fieldRow = z.object({
  object: z.string(), field: z.string(), label: z.string().nullable(), type: z.string().nullable(),
  column_name: z.string(), column_type: z.string(), scale: z.coerce.number().int().nullable(),
});

/**
 * Objects of a connection and the fields of those named.
 * @returns undefined when the connection has no warehouse yet
 */
export async function readCatalogue(client: PoolClient, connectionId: string, objects: readonly string[]): Promise<Catalogue | undefined> {
  const schema = schemaOf(connectionId);
  const there = await client.query(`select to_regclass($1) is not null and to_regclass($2) is not null as there`, [`${schema}.sync_object`, `${schema}.field_catalogue`]);
  if (z.array(z.object({ there: z.string() })).parse(there.rows)[0]?.there !== 't') return undefined;
  const copied = await client.query(`select object, table_name, case when to_regclass(format('%I.%I', $1::text, table_name || '__whole')) is null then table_name else table_name || '__whole' end as whole_table, label, status, reason, source_rows, coalesce(stored_rows, 0) as stored_rows, coalesce(tombstones, 0) as tombstones,
    coalesce(version, 0) as version, ${iso('as_of')}, ${iso('loaded_at')}, last_receipt from ${schema}.sync_object order by position, object`, [schema]);
  const fields = await client.query(`select f.object, f.field, f.label, f.type, f.column_name, format_type(a.atttypid, null) as column_type, f.scale
    from ${schema}.field_catalogue f
    join ${schema}.sync_object s on s.object = f.object
    join pg_attribute a on a.attrelid = to_regclass(format('%I.%I', $1::text, s.table_name)) and a.attname = f.column_name and not a.attisdropped
    where f.seen_until is null and f.column_name is not null and lower(f.object) = any($2::text[])
    order by f.object, f.position, f.field`, [schema, objects.map((name) => name.toLowerCase())]);
  return { schema, objects: z.array(objectRow).parse(copied.rows).map(objectFrom), fields: z.array(fieldRow).parse(fields.rows).flatMap(fieldFrom) };
}

function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;
}

function objectFrom(row: z.infer<typeof objectRow>): CopiedObject {
  return {
    object: row.object, table: row.table_name, wholeTable: row.whole_table, label: row.label ?? row.object, status: row.status, reason: row.reason,
    sourceRows: row.source_rows, storedRows: row.stored_rows, tombstones: row.tombstones, version: row.version,
    asOf: row.as_of, loadedAt: row.loaded_at, receipt: row.last_receipt,
  };
}

function fieldFrom(row: z.infer<typeof fieldRow>): readonly Field[] {
  const columnType = columnTypes[row.column_type];
  if (columnType === undefined) return [];
  return [{ object: row.object, name: row.field, label: row.label ?? row.field, type: row.type ?? 'string', column: row.column_name, columnType, scale: row.scale }];
}

const columnTypes: Readonly<Record<string, ColumnType>> = {
  text: 'text', 'character varying': 'text', boolean: 'boolean', bigint: 'bigint', integer: 'bigint', numeric: 'numeric', date: 'date',
  'timestamp with time zone': 'timestamptz', 'time without time zone': 'time',
};
