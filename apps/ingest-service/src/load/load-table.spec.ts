import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { noteTombstones } from '../sweep/tombstones.ts';
import { ensureWarehouse } from '../warehouse/warehouse-schema.ts';
import { fitTable } from '../warehouse/warehouse-table.ts';
import { addSyncObjects } from '../warehouse/sync-object.ts';
import { completeList, mostListed } from './deleted-list.ts';
import { allowDoubles, isRowTwice } from './load-table.ts';
import { mergeStage, type MergeCounts } from './merge.ts';
import { copyCsvPage, createStage, deleteStaged, dropStage } from './stage.ts';
import type { Staged } from './staged.ts';
import { Substitutions } from './substitutions.ts';

let environment: ServiceEnvironment;
let admin: Client;
let pool: SqlPool;
const schema = 'c_load';
const before = '2026-01-01T00:00:00.000Z';
const after = '2026-01-02T00:00:00.000Z';

function aPlan(object: string): ColumnPlan {
  const fields = Object.entries({ Id: 'id', Name: 'string', IsDeleted: 'boolean', SystemModstamp: 'datetime' }).map(([name, type]) => ({ name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false }));
  const plan = planColumns({ name: object, label: object, custom: false, queryable: true, retrieveable: true, replicateable: true, fields }, null);
  if (plan === undefined) throw new Error('an object with an Id has a plan');
  return plan;
}

/** An object with its empty table, as describing leaves it. */
async function anObject(name: string): Promise<ColumnPlan> {
  const plan = aPlan(name);
  await addSyncObjects(pool, schema, [{ name, label: name, fields: null }]);
  await pool.transaction((client) => fitTable(client, schema, plan));
  return plan;
}

/** Brings one page of rows of Id, name, deleted and stamp into the stage, within the caller's transaction. */
function copyRows(client: PoolClient, { table, columns }: ColumnPlan, rows: readonly (readonly string[])[], page = 1): Promise<Staged> {
  const body = Buffer.from(['"Id","Name","IsDeleted","SystemModstamp"', ...rows.map((row) => row.map((value) => `"${value}"`).join(','))].map((line) => `${line}\n`).join(''));
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += 16_384) yield body.subarray(at, at + 16_384);
  };
  return copyCsvPage(client, pieces(), { stage: `stage_${table}`, columns, page, substitutions: new Substitutions(), onRows: () => undefined });
}

/** Stages rows of Id, name, deleted and stamp in two pages. */
async function stageRows(plan: ColumnPlan, rows: readonly (readonly string[])[]): Promise<Staged> {
  const stage = `stage_${plan.table}`;
  await createStage(pool, stage, { schema, plan, isLoad: true, joins: false });
  let sum: Staged = { rows: 0, deleted: 0 };
  const middle = Math.ceil(rows.length / 2);
  for (const [page, part] of [rows.slice(0, middle), rows.slice(middle)].entries()) {
    const copy = (): Promise<Staged> => pool.transaction((client) => copyRows(client, plan, part, page));
    const staged = await copy().catch(async (error: unknown) => {
      if (!isRowTwice(error, stage)) throw error;
      await allowDoubles(pool, stage);
      return copy();
    });
    sum = { rows: sum.rows + staged.rows, deleted: sum.deleted + staged.deleted };
  }
  return sum;
}

async function load(plan: ColumnPlan, rows: readonly (readonly string[])[], version = 1n): Promise<MergeCounts> {
  const staged = await stageRows(plan, rows);
  return pool.transaction((client) => mergeStage(client, { schema, stage: `stage_${plan.table}`, plan, version, staged, joins: false }));
}

/** Merges what was staged and notes what is deleted. @returns the Ids noted, and from where they were taken */
async function noted(plan: ColumnPlan, staged: Staged): Promise<{ readonly from: 'list' | 'table'; readonly ids: readonly string[] }> {
  const stage = `stage_${plan.table}`;
  const list = await pool.transaction(async (client) => {
    const merged = await mergeStage(client, { schema, stage, plan, version: 1n, staged, joins: false });
    const complete = await completeList(client, stage, staged, merged);
    await noteTombstones(client, schema, plan, '1', complete);
    await dropStage(client, stage);
    return complete;
  });
  const { rows } = await admin.query<{ id: string }>(`select id from ${schema}.tombstone where object = $1 and reason = 'deleted' order by id`, [plan.object]);
  expect(rows).toEqual((await admin.query(`select id from ${schema}.${plan.table} where _deleted order by id`)).rows);
  expect((await admin.query('select to_regclass($1) as list', [`ingest.${stage}_deleted`])).rows).toEqual([{ list: null }]);
  return { from: list === undefined ? 'table' : 'list', ids: rows.map(({ id }) => id) };
}

async function stored(plan: ColumnPlan): Promise<unknown[]> {
  return (await admin.query<{ row: unknown }>(`select array[id, name, _deleted::text, _version::text] as row from ${schema}.${plan.table} order by id`)).rows.map(({ row }) => row);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 4 });
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

it('notes from the list that the pages kept which rows are deleted', async () => {
  const plan = await anObject('Listed');
  const staged = await stageRows(plan, [['1', 'a', 'true', before], ['2', 'b', 'false', before], ['3', 'c', 'true', before], ['4', 'd', 'false', before]]);
  expect(await noted(plan, staged)).toEqual({ from: 'list', ids: ['1', '3'] });
});

it('looks deleted rows up in the table when a row came twice', async () => {
  const plan = await anObject('ListedTwice');
  const staged = await stageRows(plan, [['1', 'newer', 'false', after], ['2', 'b', 'true', before], ['1', 'older', 'true', before]]);
  expect(await noted(plan, staged)).toEqual({ from: 'table', ids: ['2'] });
});

it('lists the deleted rows of a page once that failed and came again', async () => {
  const plan = await anObject('ListedAgain');
  const staged = await stageRows(plan, [['1', 'a', 'true', before], ['2', 'b', 'false', before]]);
  const page = [['3', 'c', 'true', before], ['4', 'd', 'true', before]];
  await expect(pool.transaction(async (client) => {
    await copyRows(client, plan, page);
    throw new Error('fewer rows than promised');
  })).rejects.toThrow('fewer rows than promised');
  const more = await pool.transaction((client) => copyRows(client, plan, page));
  expect(await noted(plan, { rows: staged.rows + more.rows, deleted: staged.deleted + more.deleted })).toEqual({ from: 'list', ids: ['1', '3', '4'] });
});

it('takes a part that is read anew off the list with its rows', async () => {
  const plan = await anObject('ListedParts');
  const { rows, deleted } = await stageRows(plan, [['1', 'a', 'true', before], ['2', 'b', 'true', before], ['3', 'c', 'true', before]]);
  expect(await deleteStaged(pool, 'stage_listedparts', { idFrom: '2', idBefore: null })).toBe(2);
  const more = await pool.transaction((client) => copyRows(client, plan, [['2', 'b', 'false', before], ['3', 'c', 'true', before]]));
  expect(await noted(plan, { rows: rows - 2 + more.rows, deleted: deleted - 2 + more.deleted })).toEqual({ from: 'list', ids: ['1', '3'] });
});

it('looks deleted rows up in the table when an Id is not stored as it is sent, a page has too many of them, or there is no list yet', async () => {
  const quotes = await anObject('ListedQuotes');
  expect(await noted(quotes, await stageRows(quotes, [['1""2', 'a', 'true', before], ['3', 'b', 'true', before]]))).toEqual({ from: 'table', ids: ['1"2', '3'] });
  const many = await anObject('ListedMany');
  const rows = Array.from({ length: mostListed + 1 }, (_, index) => [String(index), '', 'true', before]);
  expect((await noted(many, await stageRows(many, [...rows, ...Array.from({ length: rows.length }, (_, index) => [`k${index}`, '', 'false', before])]))).from).toBe('table');
  const old = await anObject('ListedNot');
  await createStage(pool, 'stage_listednot', { schema, plan: old, isLoad: true, joins: false });
  await pool.query('drop table stage_listednot_deleted');
  const staged = await pool.transaction((client) => copyRows(client, old, [['1', 'a', 'true', before], ['2', 'b', 'true', before]]));
  expect(await deleteStaged(pool, 'stage_listednot', { idFrom: '2', idBefore: null })).toBe(1);
  expect(await noted(old, { rows: staged.rows - 1, deleted: staged.deleted - 1 })).toEqual({ from: 'table', ids: ['1'] });
});
