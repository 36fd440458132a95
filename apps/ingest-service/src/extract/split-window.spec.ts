import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const stamp = '2026-01-01T00:00:00.000Z';

async function select(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

function addObject(name: string, sameStamp = false): void {
  ingest.simulator.org.addObject({
    name, fields: [{ name: 'Amount__c', type: 'currency' }],
    rows: { count: 3_000, row: (index) => ({ Name: `Row ${index}`, Amount__c: index, ...(sameStamp ? { SystemModstamp: stamp } : {}) }) },
  });
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({ TRIBUTARY_BULK_PAGE_ROWS: '1000', TRIBUTARY_BULK_WAIT_SECONDS: '1' });
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
  ingest.simulator.settings.bulkStuckIn = null;
  ingest.simulator.settings.bulkFailures = [];
  Object.assign(ingest.simulator.settings, { bulkJobsPerDay: 10_000, bulkDailyVolumeExceeded: false });
});

afterAll(async () => {
  await ingest?.stop();
});

it.each([
  ['QUERY_TIMEOUT', 'Your query request was running for too long.'],
  ['Retried more than', 'InternalServerError : Retried more than fifteen times'],
  ['Failed to write query result', 'Failed to write query result'],
  ['QUERY_TOO_COMPLICATED', 'QUERY_TOO_COMPLICATED: Query is either selecting too many fields'],
  ['OPERATION_TOO_LARGE', "OPERATION_TOO_LARGE: exceeded 100000 distinct who/what's"],
])('halves the time of a window whose export failed with %s, and says so', async (_name, message) => {
  const name = `Time${_name.replace(/\W/g, '').slice(0, 20)}__c`;
  addObject(name);
  ingest.simulator.settings.bulkFailures = [{ object: name, message, times: 3 }];
  const run = await select(name);
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, api: 'bulk', jobCount: 3_000, parsed: 3_000, inserted: 3_000, reason: expect.stringMatching(/^Read in 4 parts, because /) as string }]);
  expect(await ingest.differences(name)).toEqual([]);
});

it('slices by Id where all rows have one stamp', async () => {
  addObject('Ids__c', true);
  ingest.simulator.settings.bulkFailures = [{ object: 'Ids__c', message: 'QUERY_TIMEOUT', times: 3 }];
  const run = await select('Ids__c');
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, jobCount: 3_000, inserted: 3_000, reason: expect.stringMatching(/^Read in 4 parts/) as string }]);
  expect(await ingest.differences('Ids__c')).toEqual([]);
});

it('aborts a stuck export, asks once more and then splits', async () => {
  addObject('Stuck__c');
  ingest.simulator.settings.bulkStuckIn = 'InProgress';
  ingest.simulator.log.clear();
  const done = select('Stuck__c');
  const aborted = (): number => ingest.simulator.log.entries().filter(({ method }) => method === 'PATCH').length;
  await expect.poll(aborted, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  ingest.simulator.settings.bulkStuckIn = null;
  const run = await done;
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, inserted: 3_000, reason: expect.stringContaining('Read in 2 parts') as string }]);
}, 30_000);

it('splits a REST window too', async () => {
  ingest.simulator.org.addObject({ name: 'Rest__c', bulkRefused: true, fields: [], rows: { count: 500, row: (index) => ({ Name: `Row ${index}` }) } });
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/, nth: 3 }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: '[{"message":"Your query request was running for too long.","errorCode":"QUERY_TIMEOUT"}]' } });
  const run = await select('Rest__c');
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, api: 'rest', inserted: 500, reason: expect.stringContaining('Read in 2 parts') as string }]);
  expect(await ingest.differences('Rest__c')).toEqual([]);
});

it.each([
  ['jobs', { bulkJobsPerDay: 0 }, 'Max bulk v2 query jobs'],
  ['volume', { bulkDailyVolumeExceeded: true }, 'Max bulk v2 query result size'],
])('reads by REST when the exports of the day are used up: %s', async (name, settings, because) => {
  addObject(`Quota_${name}__c`);
  Object.assign(ingest.simulator.settings, settings);
  const run = await select(`Quota_${name}__c`);
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, api: 'rest', inserted: 3_000, reason: expect.stringContaining(because) as string }]);
  expect(await ingest.differences(`Quota_${name}__c`)).toEqual([]);
});

it('reads by the Bulk API when REST calls the address too long', async () => {
  ingest.simulator.org.addObject({ name: 'Long__c', fields: [], rows: 20 });
  // The probe of the cursor field and the count pass; the query for rows does not.
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/, nth: 3, times: 2 }, answer: { status: 414, body: '' } });
  const run = await select('Long__c');
  expect(run.objects[0]?.receipts).toMatchObject([{ complete: true, api: 'bulk', inserted: 20, reason: expect.stringContaining('REST refused') as string }]);
});
