import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CallsRequest, type CallPurpose } from '@tributary/api-contracts';
import { ServiceKitModule } from '@tributary/service-kit';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CallLog, callIndexes, callTable, defineMigration, firstCallId, madeCall, PersistenceModule, readCalls, SqlPool, workspaceRowSecurity } from '../index.ts';
import { callsPage, forgetCalls, inIndexOrder } from './calls.store.ts';

/** Calls of the busiest connection; the requirement's own million by `TRIBUTARY_TEST_CALLS=1000000`. */
const many = Number(process.env['TRIBUTARY_TEST_CALLS'] ?? 40_000);
const [connectionId, busy] = [randomUUID(), randomUUID()];
const tables = defineMigration('0001-calls', [
  'create table connection (id uuid primary key, workspace_id uuid, state text not null)',
  ...callTable, ...callIndexes, ...workspaceRowSecurity('salesforce_call'),
]);

let environment: ServiceEnvironment;
let app: INestApplicationContext;
let pool: SqlPool;
let log: CallLog;

beforeAll(async () => {
  environment = await aServiceEnvironment();
  @Module({ imports: [ServiceKitModule.forService(), await PersistenceModule.forService({ schema: 'gateway', url: environment.databaseUrl('gateway'), entities: [], migrations: [tables], poolMax: 4 })], providers: [CallLog] })
  class ServiceModule {}
  app = await NestFactory.createApplicationContext(ServiceModule, { logger: false, abortOnError: false });
  pool = app.get(SqlPool);
  log = app.get(CallLog);
});

afterAll(async () => {
  await app?.close();
  await environment?.stop();
});

beforeEach(async () => {
  await pool.query('delete from connection');
  await pool.query(`insert into connection values ($1, gen_random_uuid(), 'active'), ($2, gen_random_uuid(), 'active')`, [connectionId, busy]);
});

function aCall(purpose: CallPurpose = 'query') {
  return madeCall({ connectionId, method: 'GET', path: '/services/data/v66.0/queryAll', purpose, object: 'Account', rows: 3, status: 200, ms: 12, apiUsed: 4_711 });
}

async function listed(wanted: Partial<CallsRequest> = {}) {
  await log.flush();
  return pool.transaction((client) => readCalls(client, connectionId, CallsRequest.parse(wanted)));
}

/** Calls of fourteen days, so many, as an org's runs make them. */
async function manyCalls(count: number): Promise<void> {
  await pool.query(
    `insert into salesforce_call (connection_id, id, workspace_id, at, run_id, object, method, path, purpose, rows, status, ms, api_used)
     select $1, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid, gen_random_uuid(), at, gen_random_uuid(), 'Object' || n % 20,
            'GET', '/services/data/v66.0/sobjects/Object' || n % 20 || '/describe', case when n % 2000 = 0 then 'limits' else (array['query', 'count', 'describe'])[1 + n % 3] end, n % 500, 200, 80, n
       from (select n, now() - (1 - n::float / $2) * interval '14 days' as at from generate_series(1, $2::int) n) made`, [busy, count]);
  await pool.query('analyze salesforce_call');
}

/** Pages of the database that a page of the list touches, and its time. */
async function costOf({ before, object, purpose }: Partial<CallsRequest> = {}): Promise<{ buffers: number; ms: number; plan: string }> {
  const { rows: [row] } = await pool.transaction(async (client) => {
    await client.query(inIndexOrder);
    return client.query<{ 'QUERY PLAN': { Plan: object; 'Execution Time': number }[] }>(`explain (analyze, buffers, format json) ${callsPage}`, [busy, 51, before ?? null, object ?? null, purpose ?? null]);
  });
  const plan = JSON.stringify(row?.['QUERY PLAN'][0]?.Plan);
  const [, hit = 0, read = 0] = /"Shared Hit Blocks":(\d+),"Shared Read Blocks":(\d+)/.exec(plan) ?? [];
  return { buffers: Number(hit) + Number(read), ms: row?.['QUERY PLAN'][0]?.['Execution Time'] ?? Infinity, plan };
}

it('lists calls newest first, page by page, and says where the end is', async () => {
  const made = Array.from({ length: 5 }, () => aCall());
  made.forEach((call) => log.note(call));
  const ids = made.map(({ id }) => id).toReversed();
  const first = await listed({ limit: 3 });
  expect([first.calls.map(({ id }) => id), first.before, first.keptDays, first.keptCalls]).toEqual([ids.slice(0, 3), ids[2], 14, null]);
  const rest = await listed({ limit: 3, before: ids[2] });
  expect([rest.calls.map(({ id }) => id), rest.before]).toEqual([ids.slice(3), null]);
  expect((await listed({ limit: 5 })).before).toBeNull();
});

it('tells of a call anew without listing it twice', async () => {
  const call = aCall('subscribe');
  log.note(call);
  await log.flush();
  log.note({ ...call, rows: 900, ms: 60_000 });
  expect((await listed()).calls).toMatchObject([{ id: call.id, at: call.at.toISOString(), rows: 900, ms: 60_000, countsAgainstLimit: false }]);
});

it('writes calls that came while the database was away, with what was told of them last', async () => {
  await pool.query('alter table salesforce_call rename to hidden_call');
  const call = aCall();
  log.note(call);
  await log.flush();
  log.note({ ...call, rows: 8 });
  await log.flush();
  await pool.query('alter table hidden_call rename to salesforce_call');
  expect((await listed()).calls).toMatchObject([{ id: call.id, rows: 8 }]);
});

it('keeps no call of an erased connection', async () => {
  await pool.query(`update connection set state = 'erased' where id = $1`, [connectionId]);
  log.note(aCall());
  expect((await listed()).calls).toEqual([]);
});

it('forgets by age alone, in batches by the index of time', async () => {
  await manyCalls(12_000);
  await pool.query(`update salesforce_call set at = at - interval '4 days'`);
  await forgetCalls(pool);
  const { rows: [left] } = await pool.query<{ calls: number; oldest: number }>(`select count(*)::int as calls, (extract(epoch from now() - min(at)) / 86400)::float8 as oldest from salesforce_call`);
  // Of calls of fourteen days ten fourteenths are younger than ten days.
  expect(left?.calls).toBeGreaterThan(8_500);
  expect(left?.calls).toBeLessThan(8_600);
  expect(left?.oldest).toBeLessThan(14);
});

it('reads any page of a great many calls by an index: the newest, one far back, one of an object, one of a rare purpose', { timeout: 300_000 }, async () => {
  await manyCalls(many);
  const { rows: [middle] } = await pool.query<{ id: string }>('select id from salesforce_call where connection_id = $1 order by id desc offset $2 limit 1', [busy, many - 200]);
  const costs = await Promise.all([costOf(), costOf({ before: middle?.id }), costOf({ object: 'Object7' }), costOf({ purpose: 'limits' }), costOf({ object: 'Object0', purpose: 'limits', before: middle?.id })]);
  expect(costs.map(({ plan }) => /Seq Scan|Bitmap|"Sort"/.test(plan))).toEqual(costs.map(() => false));
  for (const { buffers } of costs) expect(buffers).toBeLessThan(120);
  if (process.env['TRIBUTARY_TEST_CALLS'] === undefined) return;
  const { rows: [size] } = await pool.query<{ bytes: string }>(`select pg_total_relation_size('salesforce_call') as bytes`);
  process.stdout.write(`${many} calls, ${Math.round(Number(size?.bytes) / many)} bytes each; pages in ms: ${costs.map(({ ms, buffers }) => `${ms} (${buffers} buffers)`).join(', ')}\n`);
});

it('counts the calls since an instant by the order of their ids', async () => {
  await manyCalls(14_000);
  const { rows: [day] } = await pool.query<{ calls: number }>('select count(*)::int as calls from salesforce_call where connection_id = $1 and id >= $2', [busy, firstCallId(new Date(Date.now() - 86_400_000))]);
  expect(day?.calls).toBeGreaterThan(990);
  expect(day?.calls).toBeLessThan(1_010);
});
