import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client, Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { ensureWarehouse } from '../warehouse/warehouse-schema.ts';
import { fitTable } from '../warehouse/warehouse-table.ts';
import { addSyncObjects } from '../warehouse/sync-object.ts';
import { allowDoubles, isRowTwice } from './load-table.ts';
import { mergeStage, type MergeCounts } from './merge.ts';
import { copyCsvPage, createStage } from './stage.ts';
import type { Staged } from './staged.ts';
import { Substitutions } from './substitutions.ts';

let environment: ServiceEnvironment;
let admin: Client;
let pool: Pool;
const schema = 'c_load';
const before = '2026-01-01T00:00:00.000Z';
const after = '2026-01-02T00:00:00.000Z';

function aPlan(object: string): ColumnPlan {
  const fields = Object.entries({ Id: 'id', Name: 'string', IsDeleted: 'boolean', SystemModstamp: 'datetime' }).map(([name, type]) => ({ name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false }));
  const plan = planColumns({ name: object, label: object, custom: false, queryable: true, retrieveable: true, replicateable: true, fields }, null);
  if (plan === undefined) throw new Error('an object with an Id has a plan');
  return plan;
}

async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** An object with its empty table, as describing leaves it. */
async function anObject(name: string): Promise<ColumnPlan> {
  const plan = aPlan(name);
  await addSyncObjects(pool, schema, [{ name, label: name, fields: null }]);
  await inTransaction((client) => fitTable(client, schema, plan));
  return plan;
}

/** Loads rows of Id, name, deleted and stamp in two pages. */
async function load(plan: ColumnPlan, rows: readonly (readonly string[])[], version = 1n): Promise<MergeCounts> {
  const stage = `stage_${plan.table}`;
  await createStage(pool, stage, { schema, plan, isLoad: true, joins: false });
  let sum: Staged = { rows: 0, deleted: 0 };
  const middle = Math.ceil(rows.length / 2);
  for (const [page, part] of [rows.slice(0, middle), rows.slice(middle)].entries()) {
    const body = Buffer.from(['"Id","Name","IsDeleted","SystemModstamp"', ...part.map((row) => row.map((value) => `"${value}"`).join(','))].map((line) => `${line}\n`).join(''));
    const pieces = async function* (): AsyncGenerator<Buffer> {
      for (let at = 0; at < body.length; at += 16_384) yield body.subarray(at, at + 16_384);
    };
    const copy = (): Promise<Staged> => inTransaction((client) => copyCsvPage(client, pieces(), { stage, columns: plan.columns, page, substitutions: new Substitutions(), onRows: () => undefined }));
    const staged = await copy().catch(async (error: unknown) => {
      if (!isRowTwice(error, stage)) throw error;
      await allowDoubles(pool, stage);
      return copy();
    });
    sum = { rows: sum.rows + staged.rows, deleted: sum.deleted + staged.deleted };
  }
  return inTransaction((client) => mergeStage(client, { schema, stage, plan, version, staged: sum, joins: false }));
}

async function stored(plan: ColumnPlan): Promise<unknown[]> {
  return (await admin.query<{ row: unknown }>(`select array[id, name, _deleted::text, _version::text] as row from ${schema}.${plan.table} order by id`)).rows.map(({ row }) => row);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  pool = new Pool({ connectionString: environment.databaseUrl('ingest'), options: '-c search_path=ingest' });
  await ensureWarehouse(pool, schema, null);
});

afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await environment?.stop();
});

it('makes the loaded table the object\'s own, with its key, its index, its readers and the rows written once', async () => {
  const plan = await anObject('Plain');
  expect(await load(plan, [['1', 'a', 'false', before], ['2', 'b', 'true', before], ['3', '', '', before]])).toEqual({ inserted: 3, updated: 0, unchanged: 0, superseded: 0, tombstones: 1, restored: 0 });
  expect(await stored(plan)).toEqual([['1', 'a', 'false', '1'], ['2', 'b', 'true', '1'], ['3', null, 'false', '1']]);
  const { rows } = await admin.query(`select to_regclass('ingest.stage_plain') as stage, (select count(*)::int from pg_index where indrelid = 'c_load.plain'::regclass) as indexes,
    has_table_privilege('tributary_analytics', 'c_load.plain', 'select') as readable, (select relpersistence from pg_class where oid = 'c_load.plain'::regclass) as kept,
    (select count(*)::int from pg_attrdef where adrelid = 'c_load.plain'::regclass) as defaults`);
  expect(rows).toEqual([{ stage: null, indexes: 3, readable: true, kept: 'p', defaults: 0 }]);
});

it('keeps the newer of two rows of one Id, and merges what comes later without new versions for equal rows', async () => {
  const plan = await anObject('Twice');
  expect(await load(plan, [['1', 'newer', 'false', after], ['2', 'b', 'false', before], ['1', 'older', 'false', before], ['3', 'c', 'false', before]])).toMatchObject({ inserted: 3, superseded: 1 });
  expect(await stored(plan)).toEqual([['1', 'newer', 'false', '1'], ['2', 'b', 'false', '1'], ['3', 'c', 'false', '1']]);
  expect(await load(plan, [['1', 'older', 'false', before], ['2', 'b', 'false', before], ['3', 'c', 'true', after], ['4', 'd', 'false', before]], 2n))
    .toEqual({ inserted: 1, updated: 1, unchanged: 2, superseded: 0, tombstones: 1, restored: 0 });
  expect(await stored(plan)).toEqual([['1', 'newer', 'false', '1'], ['2', 'b', 'false', '1'], ['3', 'c', 'true', '2'], ['4', 'd', 'false', '2']]);
  expect((await admin.query(`select id, version::text, row->>'name' as name from ${schema}.record_version where object = 'Twice'`)).rows).toEqual([{ id: '3', version: '1', name: 'c' }]);
});

it('writes a page of many blocks without mixing them up', async () => {
  const plan = await anObject('Many');
  const rows = Array.from({ length: 8_000 }, (_, index) => [String(index).padStart(6, '0'), `${index} `.repeat(200), index % 100 === 0 ? 'true' : 'false', before]);
  expect(await load(plan, rows)).toMatchObject({ inserted: 8_000, superseded: 0, tombstones: 80 });
  const { rows: wrong } = await admin.query(`select id from ${schema}.many where name <> repeat(id::int || ' ', 200) or _deleted <> (id::int % 100 = 0)`);
  expect(wrong).toEqual([]);
});

it('copies the rows over when a view stands on the empty table', async () => {
  const plan = await anObject('Viewed');
  await pool.query(`create view ${schema}.seen as select id from ${schema}.viewed`);
  expect(await load(plan, [['1', 'a', 'false', before], ['2', 'b', 'false', before]])).toMatchObject({ inserted: 2 });
  expect((await admin.query(`select count(*)::int as rows from ${schema}.seen`)).rows).toEqual([{ rows: 2 }]);
});
