import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { manyFields, mostMemory } from '../spec-support/wide-object.harness.ts';

/** Rows of 800 columns that are read by Bulk. */
const bulkRows = Number(process.env['TRIBUTARY_TEST_WIDE_ROWS'] ?? 200);
let ingest: IngestHarness;

async function copied(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
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
  ingest.simulator.org.addObject({ name, fields: manyFields(800), rows });
  let run: SyncRun | undefined;
  const most = await mostMemory(async () => (run = await copied(name)));
  console.info(`800 columns, ${rows} rows by ${api}: ${Math.round(most / 1e6)} MB at most, the simulator included`);
  expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: rows, inserted: rows, complete: true }] }] });
  expect(await ingest.rows(`select count(*)::int as columns from ${schema}.field_catalogue where object = $1 and column_name like 'field_with%'`, [name])).toEqual([{ columns: 800 }]);
  expect(await ingest.differences(name)).toEqual([]);
  expect(most).toBeLessThan(500e6);
});
