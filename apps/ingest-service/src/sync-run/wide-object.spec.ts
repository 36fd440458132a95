import { getCatalogue, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

/** Rows of 800 columns that are read by Bulk. */
const bulkRows = Number(process.env['TRIBUTARY_TEST_WIDE_ROWS'] ?? 200);
let ingest: IngestHarness;

const types = ['string', 'currency', 'double', 'date', 'datetime', 'boolean', 'int', 'textarea'] as const;
const fieldsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Field_with_a_long_name_${String(index).padStart(5, '0')}__c`, type: types[index % types.length] ?? 'string' }));

async function copied(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

/** The most this process, the simulator and the tests in it included, holds while work goes on, in bytes. */
async function mostMemory(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  await work().finally(() => clearInterval(look));
  return most;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({}, { restRows: 50, bulkPageRows: 100 });
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

it.each([['rest', 20], ['bulk', bulkRows]] as const)('copies an object of 800 columns by %s, each value, in less than 500 MB', async (api, rows) => {
  const name = `Wide_${api}__c`;
  ingest.simulator.org.addObject({ name, fields: fieldsOf(800), rows });
  let run: SyncRun | undefined;
  const most = await mostMemory(async () => (run = await copied(name)));
  console.info(`800 columns, ${rows} rows by ${api}: ${Math.round(most / 1e6)} MB at most, the simulator included`);
  expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: rows, inserted: rows, complete: true }] }] });
  expect(await ingest.rows(`select count(*)::int as columns from ${schema}.field_catalogue where object = $1 and column_name like 'field_with%'`, [name])).toEqual([{ columns: 800 }]);
  expect(await ingest.differences(name)).toEqual([]);
  expect(most).toBeLessThan(500e6);
});

it('lists an object of 10,000 fields, and says why it cannot be copied whole instead of failing the run', async () => {
  ingest.simulator.org.addObject({ name: 'Endless__c', fields: fieldsOf(10_000), rows: 5 });
  ingest.simulator.org.addObject({ name: 'Beside__c', fields: [], rows: 5 });
  let fields = 0;
  let run: SyncRun | undefined;
  const most = await mostMemory(async () => {
    const before = await ingest.finishedRun();
    await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Endless__c' }, { name: 'Beside__c' }] }) });
    run = await ingest.finishedRun(before.id);
    fields = (await ingest.ask(getCatalogue, { connectionId, object: 'Endless__c' })).objects[0]?.fields?.length ?? 0;
  });
  console.info(`10,000 fields: ${Math.round(most / 1e6)} MB at most, the simulator included`);
  expect(fields).toBeGreaterThan(10_000);
  expect(run?.objects.map(({ object, status }) => [object, status])).toEqual([['Endless__c', 'partial'], ['Beside__c', 'complete']]);
  expect(run?.reasons).toMatchObject([{ object: 'Endless__c', code: 'TOO_MANY_FIELDS', text: expect.stringContaining('choose fewer') as string }]);
  expect(most).toBeLessThan(500e6);
});
