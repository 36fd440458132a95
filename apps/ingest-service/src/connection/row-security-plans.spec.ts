import { SqlPool } from '@tributary/persistence';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IngestHarness, schema } from '../spec-support/ingest.harness.ts';

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly Plan[];
}

let ingest: IngestHarness;
/** Of this service, by their text. */
const made = new Map<string, Statement>();
const query = Object.getOwnPropertyDescriptor(Client.prototype, 'query')?.value as (this: unknown, ...parameters: unknown[]) => unknown;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService();
  Client.prototype.query = function record(this: unknown, ...parameters: unknown[]): unknown {
    const [first, second] = parameters;
    const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text;
    const values = Array.isArray(second) ? (second as unknown[]) : ((first as { values?: unknown[] } | undefined)?.values ?? []);
    if (text !== undefined && /^\s*(select|insert|update|delete|with)\b/i.test(text)) made.set(text, { text, values });
    return query.apply(this, parameters);
  } as never;
  await ingest.firstRun();
  await ingest.nextRun();
  Client.prototype.query = query as never;
});

afterAll(async () => {
  Client.prototype.query = query as never;
  await ingest?.stop();
});

/** By which indexes a plan reads, what it sorts, and what it looks up row by row; the order of a join follows from guesses. */
function workOf({ 'Node Type': node, 'Index Name': index, 'Parent Relationship': relationship, Plans: below = [] }: Plan): string[] {
  return [...(index === undefined ? [] : [index]), ...(['Seq Scan', 'Sort'].includes(node) ? [node] : []), ...(relationship === 'SubPlan' ? [relationship] : []), ...below.flatMap(workOf)].sort();
}

/** Undefined for a statement about a stage that is gone by now. */
async function planned({ text, values }: Statement): Promise<string[] | undefined> {
  const client = await ingest.get(SqlPool).connect();
  try {
    // Tables of a test are so small that no index would be used for its order.
    await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
    const { rows: [row] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, values);
    return row && workOf(row['QUERY PLAN'][0].Plan);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42P01') return undefined;
    throw error;
  } finally {
    await client.query('reset enable_seqscan; reset enable_bitmapscan');
    client.release();
  }
}

async function eachTable(change: string): Promise<string[]> {
  const tables = await ingest.rows<{ name: string }>(`select c.oid::regclass::text as name from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace in ('ingest'::regnamespace, $1::regnamespace)`, [schema]);
  for (const { name } of tables) await ingest.database.query(`alter table ${name} ${change} row level security`);
  return tables.map(({ name }) => name);
}

it('costs no statement of a run an index, a sort or a look at another table', async () => {
  const plans = async () => {
    const all = new Map<string, string[] | undefined>();
    for (const statement of made.values()) all.set(statement.text, await planned(statement));
    return all;
  };
  await ingest.database.query('analyze');
  const guarded = await plans();
  const tables = await eachTable('disable');
  const open = await plans();
  await eachTable('enable');
  expect(tables.length).toBeGreaterThan(18);
  expect([...open.values()].filter((work) => work?.some((name) => name !== 'Seq Scan')).length).toBeGreaterThan(60);
  expect(guarded).toEqual(open);
});
