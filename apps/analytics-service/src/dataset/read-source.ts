import type { PoolClient } from 'pg';
import { z } from 'zod';
import { quoted } from '../compile/dialect.ts';
import type { CopyState } from '../engine/protocol.ts';
import { fieldsOfObject, objectOf, type Catalogue, type Field } from '../warehouse/catalogue.ts';
import { datasetObjects, type ObjectMerge, type SourceObject } from './plan-merge.ts';

/** Rows handed over at a time. */
const batchRows = 10_000;

/** The objects of the warehouse that belong into the copy, with the digits that rows not yet copied need. */
export async function readSources(client: PoolClient, catalogue: Catalogue, state: readonly CopyState[]): Promise<readonly SourceObject[]> {
  const sources: SourceObject[] = [];
  for (const name of datasetObjects) {
    const copied = objectOf(catalogue, name);
    const fields = fieldsOfObject(catalogue, name);
    if (copied === undefined || !fields.some(({ column }) => column === 'id')) continue;
    const known = state.find(({ object }) => object === copied.object);
    const from = known === undefined ? -1n : BigInt(known.version);
    sources.push({ copied, fields, scales: from === copied.version ? new Map() : await readScales(client, `${catalogue.schema}.${quoted(copied.wholeTable)}`, fields, from > copied.version ? -1n : from) });
  }
  return sources;
}

async function readScales(client: PoolClient, table: string, fields: readonly Field[], from: bigint): Promise<ReadonlyMap<string, number>> {
  const numeric = fields.filter(({ columnType }) => columnType === 'numeric');
  if (numeric.length === 0) return new Map();
  const list = numeric.map(({ column }) => `coalesce(max(scale(trim_scale(${quoted(column)}))), 0)`).join(', ');
  const { rows } = await client.query<unknown[]>({ text: `select ${list} from ${table} where _version > $1`, values: [from.toString()], rowMode: 'array' });
  const [scales = []] = z.array(z.array(z.coerce.number().int())).parse(rows);
  return new Map(numeric.map(({ column }, index) => [column, scales[index] ?? 0]));
}

/** Rows of one merge, as texts by column. */
export async function* readRows(client: PoolClient, schema: string, { source, table, from, to }: ObjectMerge): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  const fields = new Map(source.fields.map((field) => [field.column, field]));
  const list = table.columns.map(({ name }) => textOf(name, fields.get(name))).join(', ');
  await client.query({ text: `declare changed no scroll cursor for select ${list} from ${schema}.${quoted(source.copied.wholeTable)} where _version > ${from} and _version <= ${to}` });
  for (;;) {
    const { rows } = await client.query<(string | null)[]>({ text: `fetch forward ${batchRows} from changed`, rowMode: 'array' });
    if (rows.length > 0) yield table.columns.map((_, column) => rows.map((row) => row[column] ?? null));
    if (rows.length < batchRows) break;
  }
  await client.query('close changed');
}

function textOf(column: string, field: Field | undefined): string {
  if (field?.columnType === 'timestamptz') return `to_char(${quoted(column)} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;
  return `${quoted(column)}::text`;
}

/** Count and sum of versions of an object in the warehouse. */
export async function readCheck(client: PoolClient, schema: string, table: string, to: bigint): Promise<{ rows: string; versions: string }> {
  const { rows } = await client.query<(string | null)[]>({ text: `select count(*)::text, coalesce(sum(_version), 0)::text from ${schema}.${quoted(table)} where _version <= ${to}`, rowMode: 'array' });
  return { rows: rows[0]?.[0] ?? '0', versions: rows[0]?.[1] ?? '0' };
}
