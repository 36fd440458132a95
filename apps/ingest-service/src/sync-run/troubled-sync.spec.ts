import { getSyncRun, putSelection, Selection, type SyncRun, type SyncRunObject } from '@tributary/api-contracts';
import { SyncRunId } from '@tributary/event-contracts';
import { ConsentRequired } from '@tributary/failures';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const results = /\/jobs\/query\/\w+\/results/;
const stamp = '2026-01-01T00:00:00.000Z';

/** Chooses objects and waits for a run that copies them. */
async function select(...objects: string[]): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: objects.map((name) => ({ name })) }) });
  return ingest.finishedRun(before.id);
}

function object(run: SyncRun, name: string): SyncRunObject {
  const found = run.objects.find((candidate) => candidate.object === name);
  if (found === undefined) throw new Error(`the run has no ${name}`);
  return found;
}

async function stored(name: string): Promise<number> {
  return Number((await ingest.rows<{ count: string }>(`select count(*) from ${schema}.${name}`))[0]?.count);
}

/** A custom object with enough rows for a Bulk export, all of one stamp when asked. */
function addBigObject(name: string, more: { rows?: number; sameStamp?: boolean; bulkRefused?: boolean } = {}): void {
  const { rows = 3_000, sameStamp = false, bulkRefused = false } = more;
  ingest.simulator.org.addObject({
    name, bulkRefused, fields: [{ name: 'Amount__c', type: 'currency' }, { name: 'Note__c', type: 'string' }],
    rows: { count: rows, row: (index) => ({ Name: `Row ${index}`, Amount__c: index / 4, Note__c: `line ${index}\nnext`, ...(sameStamp ? { SystemModstamp: stamp, LastModifiedDate: stamp } : {}) }) },
  });
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({ TRIBUTARY_BULK_PAGE_ROWS: '1000' });
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

it('copies a chosen custom object by Bulk in several pages and deletes the finished job', async () => {
  addBigObject('Plain__c');
  const run = await select('User', 'Plain__c');
  expect(run.objects.map(({ object: name }) => name)).toEqual(['User', 'Plain__c']);
  expect(object(run, 'Plain__c')).toMatchObject({ status: 'complete', api: 'bulk', receipts: [{ sourceCount: 3_000, jobCount: 3_000, pages: 3, parsed: 3_000, inserted: 3_000, superseded: 0, complete: true }] });
  expect(await ingest.rows(`select payload->'data'->'counts' as counts from ingest.outbox where payload->>'type' = 'ingest.window.committed' and payload->'data'->>'object' = 'Plain__c'`))
    .toEqual([{ counts: { source: 3_000, job: 3_000, pages: 3, parsed: 3_000, inserted: 3_000, updated: 0, unchanged: 0, superseded: 0 } }]);
  expect(await ingest.differences('Plain__c')).toEqual([]);
  expect(ingest.simulator.log.entries().filter(({ method, path }) => method === 'DELETE' && path.includes('/jobs/query/'))).toHaveLength(1);
});

it('reads a truncated page again and doubles no row', async () => {
  addBigObject('Truncated__c');
  ingest.simulator.faults.add({ match: { path: results, nth: 2 }, answer: { truncateRows: 7 } });
  const run = await select('Truncated__c');
  expect(object(run, 'Truncated__c').receipts[0]).toMatchObject({ complete: true, pages: 3, parsed: 3_000, inserted: 3_000 });
  expect(await stored('truncated__c')).toBe(3_000);
});

it('reads a page again whose connection breaks off', async () => {
  addBigObject('Broken__c');
  ingest.simulator.faults.add({ match: { path: results, nth: 3 }, answer: { afterBytes: 5_000 } });
  expect(object(await select('Broken__c'), 'Broken__c').receipts[0]).toMatchObject({ complete: true, inserted: 3_000 });
});

it('keeps each row once when a page comes twice, and the next run reads what is missing', async () => {
  addBigObject('Double__c');
  let first = '';
  ingest.simulator.faults.add({ match: { path: results, nth: 1 }, answer: { tamper: (body) => (first = body) } });
  ingest.simulator.faults.add({ match: { path: results, nth: 3, times: 2 }, answer: { tamper: () => first } });
  const run = await select('Double__c');
  expect(object(run, 'Double__c').receipts[0]).toMatchObject({ complete: false, pages: 3, parsed: 3_000, inserted: 2_000, superseded: 1_000 });
  expect(await stored('double__c')).toBe(2_000);
  ingest.simulator.faults.clear();
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.differences('Double__c')).toEqual([]);
});

it('ends partial with a typed reason on a broken CSV, and the next run repairs it', async () => {
  addBigObject('Garbled__c');
  ingest.simulator.faults.add({ match: { path: results }, answer: { tamper: (body) => body.replace(/"\n/, '" garbage\n') } });
  const run = await select('User', 'Garbled__c');
  expect(run).toMatchObject({ status: 'partial', reasons: [{ object: 'Garbled__c', code: 'CSV_BROKEN', text: expect.stringMatching(/The next run reads it again\.$/) as string }] });
  expect(object(run, 'User').status).toBe('complete');
  expect(await ingest.rows(`select status, reason, loaded_at from ${schema}.sync_object where object = 'Garbled__c'`)).toEqual([{ status: 'partial', reason: run.reasons[0]?.text, loaded_at: null }]);
  ingest.simulator.faults.clear();
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.differences('Garbled__c')).toEqual([]);
});

it('renews its lease once for all who meet a 401 in the middle of a download', async () => {
  addBigObject('Expired__c');
  addBigObject('Expired2__c');
  ingest.auth.rejected.length = 0;
  const epoch = ingest.auth.epoch;
  ingest.simulator.faults.add({ match: { path: results, bearer: ingest.auth.token }, answer: { status: 401, headers: { 'content-type': 'application/json' }, body: '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]' } });
  const run = await select('Expired__c', 'Expired2__c');
  expect(run).toMatchObject({ status: 'complete' });
  expect(ingest.auth.rejected).toEqual([epoch]);
  expect(await stored('expired2__c')).toBe(3_000);
});

it('falls back to REST for an object that Bulk refuses, over pages of one and the same stamp', async () => {
  addBigObject('Refused__c', { rows: 4_500, sameStamp: true, bulkRefused: true });
  const run = await select('Refused__c');
  expect(object(run, 'Refused__c')).toMatchObject({ status: 'complete', api: 'rest', receipts: [{ api: 'rest', jobCount: null, pages: 3, parsed: 4_500, inserted: 4_500, reason: expect.stringContaining('Bulk API refused') as string }] });
  expect(await ingest.differences('Refused__c')).toEqual([]);
});

it('never calls a window complete whose job wrote more rows than arrived', async () => {
  addBigObject('Short__c', { rows: 2_500 });
  ingest.simulator.faults.add({ match: { path: /\/jobs\/query\/\w+$/, method: 'GET' }, answer: { tamper: (body) => body.replace('"numberRecordsProcessed":2500', '"numberRecordsProcessed":2600') } });
  const run = await select('Short__c');
  expect(run).toMatchObject({ status: 'partial', reasons: [{ object: 'Short__c', code: 'RECEIPT_DISAGREES', text: expect.stringContaining('exported 2600 rows but 2500 arrived') as string }] });
  expect(await ingest.rows(`select settled_until from ${schema}.sync_object where object = 'Short__c'`)).toEqual([{ settled_until: null }]);
});

it('stops on a revoked grant, keeps its bookmarks and goes on by itself after the next token', async () => {
  const bookmark = () => ingest.rows(`select settled_until, version from ${schema}.sync_object where object = 'Plain__c'`);
  const before = await bookmark();
  ingest.auth.refusal = new ConsentRequired('GRANT_REVOKED', 'The person must connect again.');
  const run = await select('Plain__c');
  expect(run).toMatchObject({ status: 'failed', reasons: [{ object: null, code: 'GRANT_REVOKED' }] });
  expect(await bookmark()).toEqual(before);
  ingest.auth.refusal = undefined;
  ingest.auth.epoch += 1;
  ingest.auth.publishTokenReady(connectionId);
  expect(await ingest.finishedRun(run.id)).toMatchObject({ status: 'complete' });
});

it('goes on with a run whose database connections were cut', async () => {
  addBigObject('Cut__c', { rows: 6_000 });
  ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 150 } });
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Cut__c' }] }) });
  await until('two staged pages', async () => (await ingest.rows<{ pages: number }>(`select pages from ingest.extract_job where object = 'Cut__c' and pages >= 2`)).length > 0);
  await ingest.rows(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tributary_ingest' and datname = current_database()`);
  const run = await ingest.finishedRun(before.id);
  expect(run).toMatchObject({ status: 'complete' });
  expect(object(run, 'Cut__c').receipts[0]).toMatchObject({ inserted: 6_000 });
  expect(ingest.simulator.log.entries().filter(({ method, path, at }) => method === 'POST' && path.endsWith('/jobs/query') && new Date(at) >= new Date(run.startedAt))).toHaveLength(1);
  expect(await ingest.differences('Cut__c')).toEqual([]);
});

it('counts the pages in receipts of a warehouse from before they were counted, and claims none for the old ones', async () => {
  const before = await ingest.nextRun();
  await ingest.rows(`alter table ${schema}.receipt drop column pages`);
  const pagesOf = async (runId: string) => (await ingest.ask(getSyncRun, { connectionId, runId: SyncRunId.parse(runId) })).objects[0]?.receipts[0]?.pages;
  expect(await pagesOf(before.id)).toBeUndefined();
  const after = await ingest.nextRun();
  expect([await pagesOf(before.id), await pagesOf(after.id)]).toEqual([undefined, expect.any(Number)]);
});

it('refuses to select what the org does not have', async () => {
  await expect(ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Nonsense__c' }] }) })).rejects.toMatchObject({ code: 'SELECTION_UNKNOWN_OBJECT', kind: 'invalid-input' });
});
