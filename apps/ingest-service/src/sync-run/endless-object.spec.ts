import { getCatalogue, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';
import { manyFields, mostMemory } from '../spec-support/wide-object.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService();
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

it('lists an object of 10,000 fields, and says why it cannot be copied whole instead of failing the run', async () => {
  ingest.simulator.org.addObject({ name: 'Endless__c', fields: manyFields(10_000), rows: 5 });
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
