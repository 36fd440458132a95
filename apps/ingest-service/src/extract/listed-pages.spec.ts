import { listSalesforceCalls, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const results = /\/jobs\/query\/\w+\/results/;
const list = /\/jobs\/query\/\w+\/resultpages/i;
const atOnce = 3;
const service = { TRIBUTARY_BULK_PAGE_ROWS: '500', TRIBUTARY_BULK_PAGES_AT_ONCE: String(atOnce) };
const whole = { complete: true, api: 'bulk', sourceCount: 4_000, jobCount: 4_000, parsed: 4_000, inserted: 4_000 };

/** An object whose export has eight pages. */
async function select(name: string): Promise<{ id: string }> {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: 4_000, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
  ingest.simulator.log.clear();
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return before;
}

async function copied(name: string): Promise<SyncRun> {
  const { id } = await select(name);
  return ingest.finishedRun(id);
}

/** Locators of the pages asked for, in order. */
function pagesAsked(): (string | undefined)[] {
  return ingest.simulator.log.entries().filter(({ path }) => results.test(path)).map(({ query }) => query['locator']);
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  ingest.simulator.settings.bulkPageRows = 500;
  await ingest.startService(service);
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

it('asks for several pages at once, for each only once, and never for the one a page calls its next', async () => {
  ingest.simulator.faults.add({ match: { path: results, times: 8 }, answer: { delayMs: 80 } });
  const run = await copied('Listed__c');
  expect(run.objects[0]?.receipts).toMatchObject([whole]);
  expect(await ingest.differences('Listed__c')).toEqual([]);
  expect(pagesAsked()).toHaveLength(8);
  expect(new Set(pagesAsked()).size).toBe(8);
  const downloads = (await ingest.ask(listSalesforceCalls, { connectionId, limit: 100 })).calls.filter(({ purpose }) => purpose === 'job-results').map(({ at, ms }) => ({ begun: Date.parse(at) - ms, ended: Date.parse(at) }));
  expect(Math.max(...downloads.map(({ begun }) => downloads.filter((other) => other.begun <= begun && other.ended > begun).length))).toBe(atOnce);
});

it.each([
  ['is not to be had', 'None__c', { status: 404, body: '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]' }],
  ['names a page twice', 'Twice__c', { tamper: (body: string) => body.replaceAll(/locator=\w+"/g, 'locator=one"') }],
  ['leaves a page out', 'Short__c', { tamper: (body: string) => body.replace(/\{"resultUrl":"[^"]+"\},?/, '') }],
])('reads one page after the other when the list %s', async (_name, name, answer) => {
  ingest.simulator.faults.add({ match: { path: list }, answer });
  const run = await copied(name);
  expect(run.objects[0]?.receipts).toMatchObject([whole]);
  expect(await ingest.differences(name)).toEqual([]);
});

it('reads a page again that breaks off or lacks rows, and no other', async () => {
  ingest.simulator.faults.add({ match: { path: results, nth: 2 }, answer: { afterBytes: 3_000 } });
  ingest.simulator.faults.add({ match: { path: results, nth: 5 }, answer: { truncateRows: 7 } });
  const run = await copied('Broken__c');
  expect(run.objects[0]?.receipts).toMatchObject([whole]);
  expect(pagesAsked()).toHaveLength(10);
});

it('keeps each row once when two pages have the same ones, and does not call that complete', async () => {
  let first = '';
  ingest.simulator.faults.add({ match: { path: results }, answer: { tamper: (body) => (body.includes('"0.0"') ? (first = body) : body.includes('"3999.0"') ? first : body) } });
  const run = await copied('Double__c');
  expect(run.objects[0]?.receipts[0]).toMatchObject({ complete: false, parsed: 4_000, inserted: 3_500 });
  ingest.simulator.faults.clear();
  expect((await ingest.nextRun()).objects[0]?.receipts[0]).toMatchObject({ complete: true });
  expect(await ingest.differences('Double__c')).toEqual([]);
});

it('goes on with the pages that are missing after it was stopped, with the same export and the same list', async () => {
  ingest.simulator.faults.add({ match: { path: results, times: 8 }, answer: { delayMs: 150 } });
  const { id } = await select('Stopped__c');
  await until('some pages', async () => (await ingest.rows('select from ingest.extract_job where pages >= 2')).length > 0, 20_000);
  await ingest.stopService();
  const read = new Set((await ingest.rows<{ locator: string }>('select locator from ingest.result_page where is_read')).map(({ locator }) => locator));
  const asked = pagesAsked().length;
  await ingest.startService(service);
  expect((await ingest.finishedRun(id)).objects[0]?.receipts).toMatchObject([whole]);
  expect(pagesAsked().slice(asked).filter((locator) => locator !== undefined && read.has(locator))).toEqual([]);
  expect(pagesAsked().slice(asked)).toHaveLength(8 - read.size);
  expect(ingest.simulator.log.entries().filter(({ method, path }) => (method === 'POST' && path.endsWith('/jobs/query')) || list.test(path))).toHaveLength(1 + 2);
  expect(await ingest.differences('Stopped__c')).toEqual([]);
});
