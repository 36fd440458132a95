import { putSelection, Selection, type SyncRun, type SyncRunObject } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const queries = /\/queryAll$/;
const stamp = '2026-01-01T00:00:00.000Z';

function addObject(name: string, rows: number, sameStamp = false): void {
  ingest.simulator.org.addObject({
    name, bulkRefused: true, fields: [{ name: 'Amount__c', type: 'currency' }],
    rows: { count: rows, row: (index) => ({ Name: `Row ${index}`, Amount__c: index, ...(sameStamp ? { SystemModstamp: stamp } : {}) }) },
  });
}

async function select(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

function receiptOf(run: SyncRun): SyncRunObject['receipts'][number] | undefined {
  expect(run.reasons).toEqual([]);
  return run.objects[0]?.receipts[0];
}

/** Rows of an object in the order of a page-wise reading. */
function inOrder(name: string): string[] {
  return ingest.simulator.org.rows(name).map((row) => ({ stamp: String(row['SystemModstamp']), id: String(row['Id']) })).sort((a, b) => (a.stamp + a.id < b.stamp + b.id ? -1 : 1)).map(({ id }) => id);
}

/** Does something at Salesforce once the `nth` page of rows was sent; the first queries of an object probe its cursor field and count its rows. */
function afterPage(nth: number, change: () => void): void {
  ingest.simulator.faults.add({ match: { path: queries, nth: nth + 2 }, answer: { tamper: (body) => (change(), body) } });
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  ingest.simulator.settings.queryPageRows = 200;
  await ingest.startService();
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

it('reads pages of one and the same stamp, with their edges in the middle of it, without any locator', async () => {
  addObject('Ties__c', 1_000, true);
  ingest.simulator.faults.add({ match: { path: /\/query\/0r8/ }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: '[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]' } });
  const run = await select('Ties__c');
  expect(receiptOf(run)).toMatchObject({ complete: true, api: 'rest', sourceCount: 1_000, parsed: 1_000, inserted: 1_000 });
  expect(await ingest.differences('Ties__c')).toEqual([]);
});

it('loses no row and counts none twice when rows change, come and go while pages are read', async () => {
  addObject('Moving__c', 1_000);
  const { org } = ingest.simulator;
  const ids = inOrder('Moving__c');
  afterPage(2, () => {
    for (const id of [...ids.slice(0, 5), ...ids.slice(600, 603)]) org.update('Moving__c', id, { Name: 'Changed meanwhile' });
    org.delete('Moving__c', ids[700] ?? '');
    org.purge('Moving__c', ids[800] ?? '');
    org.insert('Moving__c', { Name: 'New meanwhile', Amount__c: 1 });
  });
  const receipt = receiptOf(await select('Moving__c'));
  expect(receipt).toMatchObject({ complete: true, sourceCount: 1_000, inserted: receipt?.inserted });
  expect(receipt?.tombstones).toBeLessThanOrEqual(1);
  await ingest.nextRun();
  expect(await ingest.differences('Moving__c')).toEqual([]);
  const [stored] = await ingest.rows<{ rows: string; ids: string }>(`select count(*) as rows, count(distinct id) as ids from ${schema}.moving__c`);
  expect(stored).toEqual({ rows: '1000', ids: '1000' });
});

it('counts rows, not readings, when one row is read twice and another is gone', async () => {
  addObject('Even__c', 400);
  const { org, clock } = ingest.simulator;
  const ids = inOrder('Even__c');
  clock.set(clock.now());
  afterPage(1, () => {
    org.update('Even__c', ids[0] ?? '', { Name: 'Changed meanwhile' });
    org.purge('Even__c', ids[300] ?? '');
  });
  const run = await select('Even__c');
  clock.run();
  expect(receiptOf(run)).toMatchObject({ complete: true, sourceCount: 400, parsed: 400, inserted: 399 });
  expect(await ingest.differences('Even__c')).toEqual([]);
});

it.each([
  ['gives no order', 'Jumbled__c', (records: readonly unknown[]) => records.toReversed()],
  ['finds nothing behind a place', 'Placeless__c', (records: readonly unknown[], isFirst: boolean) => (isFirst ? records : [])],
  ['gives its first rows whatever the place', 'Forgetful__c', (records: readonly unknown[], isFirst: boolean, first: readonly unknown[]) => (isFirst ? records : first)],
])('reads all rows by one query and its locators where the source %s', async (_what, name, change) => {
  addObject(name, 500);
  let first: readonly unknown[] = [];
  let changed = 0;
  ingest.simulator.faults.add({
    match: { path: queries, times: 100 },
    answer: {
      tamper: (body) => {
        const answer = JSON.parse(body) as { totalSize: number; done: boolean; records: { attributes: { type: string } }[] };
        if (answer.records.length < 200 || answer.records[0]?.attributes.type !== name) return body;
        const isFirst = answer.totalSize === 500;
        if (isFirst) first = answer.records;
        const records = change(answer.records, isFirst, first);
        changed += 1;
        return JSON.stringify({ ...answer, records, ...(records.length === 0 ? { totalSize: 0, done: true } : {}) });
      },
    },
  });
  expect(receiptOf(await select(name))).toMatchObject({ complete: true, api: 'rest', sourceCount: 500, parsed: 500, inserted: 500 });
  expect(changed).toBeGreaterThan(0);
  expect(await ingest.differences(name)).toEqual([]);
});

it('reads only a torn page again', async () => {
  addObject('Torn__c', 500);
  ingest.simulator.faults.add({ match: { path: queries, nth: 5 }, answer: { truncateRows: 7 } });
  ingest.simulator.log.clear();
  expect(receiptOf(await select('Torn__c'))).toMatchObject({ complete: true, parsed: 500, inserted: 500 });
  // One probe, one count, three pages and the third one once more.
  expect(ingest.simulator.log.entries().filter(({ path, query }) => queries.test(path) && query['q']?.includes('Torn__c') === true).length).toBe(6);
});

it('goes on behind the last page it has when the process lost its database', async () => {
  addObject('Cut__c', 1_200);
  ingest.simulator.faults.add({ match: { path: queries }, answer: { delayMs: 100 } });
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Cut__c' }] }) });
  await until('two staged pages', async () => (await ingest.rows(`select 1 from ingest.extract_job where object = 'Cut__c' and pages >= 2`)).length > 0);
  ingest.simulator.log.clear();
  await ingest.rows(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tributary_ingest' and datname = current_database()`);
  expect(receiptOf(await ingest.finishedRun(before.id))).toMatchObject({ complete: true, parsed: 1_200, inserted: 1_200 });
  const asked = ingest.simulator.log.entries().filter(({ path, query }) => queries.test(path) && query['q']?.includes('Cut__c') === true);
  expect(asked.filter(({ query }) => query['q']?.includes('Id >') !== true)).toEqual([]);
  expect(await ingest.differences('Cut__c')).toEqual([]);
});

it('copies an object whose columns fit no address and which the Bulk API refuses, and reads rows again that change between two queries', async () => {
  const names = Array.from({ length: 800 }, (_, index) => `Column_number_${String(index).padStart(4, '0')}__c`);
  const [left = '', right = ''] = [names[0], names.at(-1)];
  const { org } = ingest.simulator;
  org.addObject({
    name: 'Wide__c', bulkRefused: true, fields: names.map((name) => ({ name, type: 'double' as const })),
    rows: { count: 120, row: (index) => ({ Name: `Row ${index}`, [left]: index, [right]: index }) },
  });
  const ids = inOrder('Wide__c');
  let changed = 0;
  // Each of the first three pages of columns meets rows that have just changed; one of the rows changes twice.
  for (const nth of [1, 2, 3]) {
    afterPage(nth, () => {
      for (const id of nth === 1 ? ids.slice(10, 110) : [ids[12] ?? '']) org.update('Wide__c', id, { [left]: -nth, [right]: -nth });
      if (nth === 1) org.purge('Wide__c', ids[5] ?? '');
      changed += 1;
    });
  }
  const run = await select('Wide__c');
  expect(changed).toBe(3);
  expect(receiptOf(run)).toMatchObject({ complete: true, api: 'rest', sourceCount: 120, inserted: 119 });
  expect(await ingest.differences('Wide__c')).toEqual([]);
});

it('keeps a row that never stays as it is for the next run, and says so', async () => {
  const names = Array.from({ length: 700 }, (_, index) => `Column_number_${String(index).padStart(4, '0')}__c`);
  const { org } = ingest.simulator;
  org.addObject({ name: 'Restless__c', bulkRefused: true, fields: names.map((name) => ({ name, type: 'double' as const })), rows: { count: 20, row: (index) => ({ Name: `Row ${index}` }) } });
  const [id = ''] = inOrder('Restless__c');
  let value = 0;
  const restless = (body: string): string => (ingest.simulator.clock.advance(1_000), org.update('Restless__c', id, { Column_number_0000__c: (value += 1) }), body);
  ingest.simulator.faults.add({ match: { path: queries, nth: 3, times: 100 }, answer: { tamper: restless } });
  const run = await select('Restless__c');
  expect(run).toMatchObject({ status: 'partial', reasons: [{ object: 'Restless__c', code: 'ROWS_IN_MOTION', text: expect.any(String) as string }] });
  ingest.simulator.faults.clear();
  // The next run ends the window that was begun, which the row has left by now.
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.differences('Restless__c')).toEqual([]);
});
