import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionSyncs, getCatalogue, getSyncSettings, listSalesforceCalls, putSelection, putSyncSettings, Selection, type ConnectionSync } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';
import { allowCalls, callsMade } from '../spec-support/one-org.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  ingest.simulator.settings.limitHeader = false;
  await ingest.startService();
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
});

afterAll(async () => {
  await ingest?.stop();
});

async function sync(): Promise<ConnectionSync | undefined> {
  return (await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId];
}

it('knows what is used of the calls from the limits, asked for by each run', async () => {
  const before = callsMade(ingest.simulator);
  const { id } = await ingest.nextRun();
  const usage = (await sync())?.apiUsage;
  expect(usage).toMatchObject({ limit: 1_000_000 });
  expect(usage?.used).toBeGreaterThan(before);
  expect(usage?.used).toBeLessThanOrEqual(callsMade(ingest.simulator));
  const { calls } = await ingest.ask(listSalesforceCalls, { connectionId, limit: 500 });
  expect(calls.filter(({ purpose, runId }) => purpose === 'limits' && runId === id)).toHaveLength(1);
});

it('leaves the least valuable objects out when few calls are left', async () => {
  // A look at the schema, a look at the limits, and 6 objects at 3 calls each.
  allowCalls(ingest.simulator, 20);
  const run = await ingest.nextRun();
  const shed = run.reasons.filter(({ code }) => code === 'API_BUDGET_SHED').map(({ object }) => object);
  expect(run.status).toBe('partial');
  expect(run.objects.length - shed.length).toBe(6);
});

it('stops before the reserve of others with a reason and a time, and goes on when calls are free again', async () => {
  allowCalls(ingest.simulator, 0);
  const made = callsMade(ingest.simulator);
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'API_BUDGET_RESERVED' }] });
  expect(callsMade(ingest.simulator) - made).toBe(2);
  const hold = (await sync())?.hold;
  expect(hold).toMatchObject({ code: 'API_BUDGET_RESERVED' });
  expect(Date.parse(hold?.until ?? '')).toBeGreaterThan(Date.now() + 20 * 60_000);
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
});

it('gives one run no more than its share', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, runShare: 0.01 } });
  ingest.simulator.settings.dailyApiRequests = 1_000;
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'API_BUDGET_RUN' }] });
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
  await ingest.nextRun();
  await ingest.ask(putSyncSettings, { connectionId, settings });
});

it('stops a run in its middle whose own calls reach the ceiling, also when somebody looks at the org meanwhile', async () => {
  ingest.simulator.org.addObject({ name: 'Long__c', bulkRefused: true, fields: [{ name: 'Note__c', type: 'string' }], rows: { count: 40_000, row: (index) => ({ Name: `Row ${index}` }) } });
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'User' }] }) });
  const before = await ingest.nextRun();
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 100 } });
  ingest.simulator.settings.apiRequestsUsed = 100_000;
  // The 40,000 rows have 20 pages.
  allowCalls(ingest.simulator, 14);
  const made = callsMade(ingest.simulator);
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Long__c' }] }) });
  await until('the first pages', () => callsMade(ingest.simulator) - made > 7);
  await ingest.ask(getCatalogue, { connectionId, object: 'User' });
  const run = await ingest.finishedRun(before.id);
  expect(run).toMatchObject({ status: 'partial', reasons: expect.arrayContaining([expect.objectContaining({ object: null, code: 'API_BUDGET_RESERVED' })]) as unknown });
  expect(callsMade(ingest.simulator) - made).toBeLessThanOrEqual(16);
});

it('stops a run that goes on after a restart of the service, when others have used the calls meanwhile', async () => {
  ingest.simulator.org.addObject({ name: 'Later__c', bulkRefused: true, fields: [], rows: { count: 40_000, row: (index) => ({ Name: `Row ${index}` }) } });
  const before = await ingest.nextRun();
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 100 } });
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Later__c' }] }) });
  await until('the first pages', async () => (await ingest.rows(`select 1 from ingest.extract_job where object = 'Later__c' and pages >= 2`)).length > 0);
  await ingest.stopService();
  allowCalls(ingest.simulator, 0);
  const made = callsMade(ingest.simulator);
  await ingest.startService();
  const run = await ingest.finishedRun(before.id);
  expect(run).toMatchObject({ status: 'partial', reasons: expect.arrayContaining([expect.objectContaining({ object: null, code: 'API_BUDGET_RESERVED' })]) as unknown });
  expect(callsMade(ingest.simulator) - made).toBeLessThanOrEqual(2);
});

it.each([
  ['nothing of the calls', 200, '{"MassEmail":{"Max":10,"Remaining":10}}'],
  ['words for numbers', 200, '{"DailyApiRequests":{"Max":"many","Remaining":null}}'],
  ['no JSON', 200, 'none'],
  ['that there are none', 404, '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]'],
])('reads all objects where the limits tell %s', async (_what, status, body) => {
  ingest.simulator.faults.add({ match: { path: /\/limits$/ }, answer: { status, headers: { 'content-type': 'application/json' }, body } });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
});
