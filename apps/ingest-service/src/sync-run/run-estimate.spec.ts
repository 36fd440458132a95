import { listSyncRuns, LiveMessage, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { liveSubject } from '@tributary/event-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
let first: SyncRun;
const live: LiveMessage[] = [];

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  ingest.bus.subscribe(liveSubject('*'), { callback: (_error, message) => void live.push(LiveMessage.parse(message.json())) });
  await ingest.startService({ TRIBUTARY_SYNC_INTERVAL_SECONDS: '3600' });
  first = await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

/** The run that a new selection opens. */
async function select(objects: readonly object[]): Promise<SyncRun> {
  const { id: before } = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects }) });
  return ingest.finishedRun(before);
}

it('estimates a first run before its first row is read, by one call, and says at the end what it took', async () => {
  const rows = first.objects.reduce((sum, { object }) => sum + ingest.simulator.org.count(object), 0);
  expect(first.estimate).toMatchObject({ objects: first.objects.map(({ object }) => object), rows, uncounted: [], minutes: { from: expect.any(Number) as number, to: expect.any(Number) as number }, took: { rows: first.rows, apiCalls: first.apiCalls } });
  expect(first.estimate?.bytes).toBeGreaterThan(rows * 100);
  expect(first.estimate?.apiCalls).toBeGreaterThan(first.objects.length);
  expect(first.estimate?.took?.bytes).toBeGreaterThan(rows * 100);
  const [begun] = live.filter((message) => message.type === 'sync.progress');
  expect(begun).toMatchObject({ estimate: { rows, took: null } });
  expect(begun?.objects.every(({ rowsDone }) => rowsDone === 0)).toBe(true);
  expect(ingest.simulator.log.entries().filter(({ path }) => path.endsWith('/recordCount'))).toHaveLength(1);
  expect((await ingest.ask(listSyncRuns, { connectionId, limit: 1 })).runs[0]?.estimate).toEqual(first.estimate);
});

it('estimates nothing for a run that reads only what changed', async () => {
  expect((await ingest.nextRun()).estimate).toBeNull();
});

it('estimates after a change of the selection what is read whole: objects that are new, and those with a field more', async () => {
  ingest.simulator.org.addObject({ name: 'Boat__c', fields: [{ name: 'Sail__c', type: 'string', length: 20 }], rows: 7 });
  await ingest.nextRun();
  const fewer = await select([{ name: 'User' }, { name: 'Product2', fields: ['Name'] }]);
  expect(fewer.estimate).toBeNull();
  const more = await select([{ name: 'User' }, { name: 'Product2', fields: ['Name', 'Description'] }, { name: 'Boat__c' }]);
  expect(more.estimate).toMatchObject({ objects: ['Product2', 'Boat__c'], rows: ingest.simulator.org.count('Product2') + 7, took: { rows: ingest.simulator.org.count('Product2') + 7 } });
});

it('says that there is no count where Salesforce gives none, and reads all the same', async () => {
  ingest.simulator.org.addObject({ name: 'Ship__c', fields: [], rows: 3 });
  await ingest.nextRun();
  ingest.simulator.faults.add({ match: { path: /recordCount$/ }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ errorCode: 'INVALID_REQUEST', message: 'not here' }]) } });
  const run = await select([{ name: 'User' }, { name: 'Ship__c' }]);
  ingest.simulator.faults.clear();
  expect(run).toMatchObject({ status: 'complete', estimate: { objects: ['Ship__c'], rows: null, bytes: null, apiCalls: null, minutes: null, uncounted: ['Ship__c'], countedAt: null, took: { rows: 3 } } });
});
