import { getSyncSettings, putSelection, putSyncSettings, Selection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';
import { allowCalls, callsMade, connectMore } from '../spec-support/one-org.harness.ts';

const objects = Array.from({ length: 4 }, (_, number) => `Object${number}__c`);
let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  // Answers do not tell what is used: each process knows only of its own calls by itself.
  ingest.simulator.settings.limitHeader = false;
  for (const name of objects) ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: 50, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
  await ingest.startService();
  await ingest.startAnother();
  await ingest.firstRun();
});

afterEach(async () => {
  ingest.simulator.faults.clear();
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
});

afterAll(async () => {
  await ingest?.stop();
});

it('makes no more calls than all processes together may, although each knows only of its own', async () => {
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 100 } });
  ingest.simulator.settings.apiRequestsUsed = 100_000;
  allowCalls(ingest.simulator, 90);
  const made = callsMade(ingest.simulator);
  // One run has its share of the org's calls, which is not what is looked at here.
  const ids = await connectMore(ingest, 6, objects, { runShare: 1 });
  await until('work in both processes', async () => (await ingest.rows('select distinct lease_boot from ingest.sync_run where connection_id = any($1) and lease_until > now()', [ids])).length === 2, 30_000);
  const runs = await until('the end of all runs', async () => {
    const ended = await ingest.rows<{ status: string; reasons: { object: string | null; code: string }[] }>(`select status, reasons from ingest.sync_run where connection_id = any($1) and status <> 'running'`, [ids]);
    return ended.length === ids.length ? ended : undefined;
  }, 60_000);
  // A run that begins asks Salesforce what is used before it lets itself be refused: by two calls, of the schema and of the limits.
  const looks = 2 * ids.length;
  expect(callsMade(ingest.simulator) - made).toBeLessThanOrEqual(90 + looks);
  expect(runs.some(({ reasons }) => reasons.some(({ code }) => code.startsWith('API_BUDGET_')))).toBe(true);
  // Few are left over: what a process had reserved and did not use, and calls that were counted twice while they were on their way.
  expect(callsMade(ingest.simulator) - made).toBeGreaterThan(70);
}, 120_000);

it('counts the calls of a run that changes hands on, so that it makes no more than its share', async () => {
  ingest.simulator.org.addObject({ name: 'Long__c', bulkRefused: true, fields: [{ name: 'Note__c', type: 'string' }], rows: { count: 40_000, row: (index) => ({ Name: `Row ${index}` }) } });
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, intervalSeconds: 86_400, runShare: 0.01 } });
  const before = await ingest.nextRun();
  ingest.simulator.settings.dailyApiRequests = 1_500;
  ingest.simulator.settings.apiRequestsUsed = 0;
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 100 } });
  const made = callsMade(ingest.simulator);
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Long__c' }] }) });
  await until('the first pages', async () => (await ingest.rows(`select 1 from ingest.extract_job where object = 'Long__c' and pages >= 2`)).length > 0);
  await ingest.stopService();
  await ingest.startService();
  const run = await ingest.finishedRun(before.id);
  expect(run).toMatchObject({ status: 'partial', reasons: expect.arrayContaining([expect.objectContaining({ object: null, code: 'API_BUDGET_RUN' })]) as unknown });
  expect(callsMade(ingest.simulator) - made).toBeLessThanOrEqual(15);
  expect(callsMade(ingest.simulator) - made).toBeGreaterThanOrEqual(13);
});
