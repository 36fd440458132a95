import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { putSelection, Selection, startSyncRun } from '@tributary/api-contracts';
import { freePort, until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { buildService, ServiceProcess } from '../spec-support/service-process.harness.ts';

let ingest: IngestHarness;
let main: string;
let port: number;
let running: ServiceProcess | undefined;
const results = /\/jobs\/query\/\w+\/results/;

function start(more: NodeJS.ProcessEnv = {}): ServiceProcess {
  running = new ServiceProcess(main, ingest.variables({ TRIBUTARY_SERVICE_PORT: String(port), TRIBUTARY_BULK_PAGE_ROWS: '500', ...more }));
  return running;
}

async function untilJob(condition: string): Promise<void> {
  await until(`a job with ${condition}`, async () => (await ingest.rows(`select 1 from ingest.extract_job where ${condition}`)).length > 0, 30_000);
}

function addObject(name: string, rows: number): void {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: rows, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
}

async function select(name: string): Promise<string> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return before.id;
}

function jobsMade(): number {
  return ingest.simulator.log.entries().filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query')).length;
}

beforeAll(async () => {
  [ingest, main, port] = await Promise.all([IngestHarness.start({ size: 'empty' }), buildService(), freePort()]);
  start();
  await ingest.untilStream();
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
  ingest.simulator.settings.bulkPageRows = 50_000;
});

afterAll(async () => {
  await running?.kill();
  await ingest?.stop();
  if (main !== undefined) await rm(dirname(main), { recursive: true, force: true });
});

it.each([['one after the other', 'Crash__c', 50_000, 1], ['several at once', 'Together__c', 500, 3]])('goes on with the same job at the pages it lacks when it was killed while it read them %s, loses no row and doubles none', async (_name, name, listedRows, more) => {
  addObject(name, 7_000);
  const deleted = ingest.simulator.org.rows(name).map((row) => String(row['Id'])).filter((_id, index) => index % 90 === 0);
  for (const id of deleted) ingest.simulator.org.delete(name, id);
  ingest.simulator.settings.bulkPageRows = listedRows;
  ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 40 * more } });
  const made = jobsMade();
  const before = await select(name);
  for (const condition of ['job_id is not null', 'pages >= 3', 'pages >= 9']) {
    await untilJob(condition);
    await running?.kill();
    start();
  }
  ingest.simulator.faults.clear();
  const run = await ingest.finishedRun(before, 60_000);
  expect(run).toMatchObject({ status: 'complete', objects: [{ object: name, receipts: [{ sourceCount: 7_000, jobCount: 7_000, parsed: 7_000, inserted: 7_000, complete: true }] }] });
  expect(jobsMade()).toBe(made + 1);
  expect(await ingest.differences(name)).toEqual([]);
  expect(await ingest.rows(`select distinct _version::text as version from ${schema}.${name.toLowerCase()}`)).toEqual([{ version: '1' }]);
  expect(await ingest.rows(`select id, reason from ${schema}.tombstone where object = $1 order by id`, [name])).toEqual(deleted.toSorted().map((id) => ({ id, reason: 'deleted' })));
  expect(await ingest.rows(`select count(*)::text as kept from ${schema}.record_version`)).toEqual([{ kept: '0' }]);
}, 90_000);

it('finds the export again that Salesforce made when it was killed before it wrote down which, and leaves none there', async () => {
  addObject('Unwritten__c', 3_000);
  await ingest.rows(`create function ingest.be_slow() returns trigger language plpgsql as 'begin perform pg_sleep(2); return new; end'`);
  await ingest.rows('create trigger slow before update on ingest.extract_job for each row when (new.job_id is not null and old.job_id is null) execute function ingest.be_slow()');
  const made = jobsMade();
  const before = await select('Unwritten__c');
  await until('the writing', async () => (await ingest.rows(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0);
  await running?.kill();
  // Waits for the end of the transaction that lost its process.
  await ingest.rows('drop trigger slow on ingest.extract_job');
  expect(await ingest.rows(`select job_id from ingest.extract_job where object = 'Unwritten__c'`)).toEqual([{ job_id: null }]);
  start();
  expect(await ingest.finishedRun(before, 60_000)).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: 3_000, inserted: 3_000, complete: true }] }] });
  expect(jobsMade()).toBe(made + 1);
  const list = await fetch(`${ingest.simulator.orgOrigin}/services/data/v66.0/jobs/query`, { headers: { authorization: `Bearer ${ingest.auth.token}` } });
  expect(await list.json()).toMatchObject({ records: [] });
}, 90_000);

it('shows nothing of a window whose commit it was killed in, and everything once after it came back: rows, receipt, bookmark and event are one', async () => {
  addObject('Window__c', 40);
  const last = await ingest.finishedRun(await select('Window__c'), 60_000);
  const [changed = ''] = ingest.simulator.org.rows('Window__c').map((row) => String(row['Id']));
  ingest.simulator.clock.advance(60_000);
  ingest.simulator.org.update('Window__c', changed, { Amount__c: 4_711 });
  const shown = async () => ingest.rows(`select (select amount__c::text from ${schema}.window__c where id = $1) as amount, (select count(*)::int from ${schema}.receipt where object = 'Window__c') as receipts,
    (select version::text || ' ' || settled_until from ${schema}.sync_object where object = 'Window__c') as bookmark, (select count(*)::int from ${schema}.record_version where object = 'Window__c') as history,
    (select count(*)::int from ingest.outbox where payload->>'type' = 'ingest.window.committed' and payload->'data'->>'object' = 'Window__c') as events`, [changed]);
  const before = await shown();
  expect(before).toMatchObject([{ amount: '0', receipts: 1, history: 0, events: 1 }]);
  // The event is the last that a commit writes.
  await ingest.rows(`create function ingest.commit_slowly() returns trigger language plpgsql as 'begin perform pg_sleep(2); return null; end'`);
  await ingest.rows(`create trigger slow after insert on ingest.outbox for each row when (new.payload->>'type' = 'ingest.window.committed') execute function ingest.commit_slowly()`);
  await ingest.ask(startSyncRun, { connectionId });
  await until('the commit', async () => (await ingest.rows(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0, 30_000);
  await running?.kill();
  expect(await shown()).toEqual(before);
  // Waits for the end of the transaction that lost its process.
  await ingest.rows('drop trigger slow on ingest.outbox');
  expect(await shown()).toEqual(before);
  start();
  expect(await ingest.finishedRun(last.id, 60_000)).toMatchObject({ status: 'complete' });
  expect(await shown()).toMatchObject([{ amount: '4711', receipts: 2, history: 1, events: 2 }]);
  expect(await ingest.differences('Window__c')).toEqual([]);
}, 90_000);

it('lets another process take over a run only when the lease of the dead one has ended', async () => {
  addObject('Taken__c', 6_000);
  ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 100 } });
  const before = await select('Taken__c');
  await untilJob('pages >= 2');
  await running?.kill();
  // A process may take longer to start than a lease lasts.
  await ingest.rows(`update ingest.sync_run set lease_until = now() + interval '10 minutes' where status = 'running'`);
  start({ TRIBUTARY_SERVICE_PORT: String(await freePort()) });
  await until('the other process answers', () => ingest.finishedRun(undefined, 500).then(() => true, (error: unknown) => !String(error).includes('503')), 60_000);
  const lease = () => ingest.rows<{ epoch: string; name: string; held: boolean }>(`select lease_epoch::text as epoch, lease_name as name, lease_until > now() as held from ingest.sync_run where status = 'running'`);
  expect(await lease()).toMatchObject([{ held: true, name: expect.stringContaining(`:${port}`) as string }]);
  await ingest.rows(`update ingest.sync_run set lease_until = now() - interval '1 second' where status = 'running'`);
  expect(await ingest.finishedRun(before, 60_000)).toMatchObject({ status: 'complete' });
  expect(await ingest.differences('Taken__c')).toEqual([]);
}, 90_000);

it('stops in order when asked and leaves its run to the next process at once', async () => {
  addObject('Stopped__c', 6_000);
  ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 500 } });
  const before = await select('Stopped__c');
  await untilJob('pages >= 2');
  expect(await running?.stop()).not.toBe(1);
  ingest.simulator.faults.clear();
  expect(await ingest.rows(`select lease_until from ingest.sync_run where status = 'running'`)).toEqual([{ lease_until: null }]);
  start({ TRIBUTARY_SERVICE_PORT: String(await freePort()) });
  expect(await ingest.finishedRun(before, 60_000)).toMatchObject({ status: 'complete' });
  expect(await ingest.differences('Stopped__c')).toEqual([]);
}, 90_000);
