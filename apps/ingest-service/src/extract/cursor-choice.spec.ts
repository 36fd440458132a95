import { getCatalogue, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const stamps = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'];

async function select(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

function addObject(name: string, refused: readonly string[], described = false): void {
  ingest.simulator.org.addObject({ name, fields: name === 'Login__c' ? [{ name: 'LoginTime', type: 'datetime' }] : [], rows: { count: 20, row: (index) => ({ Name: `Row ${index}`, ...(name === 'Login__c' ? { LoginTime: '2026-01-01T00:00:00.000Z' } : {}) }) } });
  ingest.simulator.settings.unfilterableFields = refused.map((field) => ({ object: name, field, described }));
}

const probes = (name: string): string[] => ingest.simulator.log.entries().flatMap(({ query }) => (query['q']?.includes(`FROM ${name} `) === true && query['q'].endsWith('LIMIT 1') ? [query['q']] : []));

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService();
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

it.each([
  ['Modified__c', 1, 'LastModifiedDate'],
  ['Created__c', 2, 'CreatedDate'],
  ['Login__c', 3, 'LoginTime'],
  ['Whole__c', 3, null],
])('finds changes of %s by the first field that Salesforce really lets be asked by', async (name, refused, cursor) => {
  addObject(name, stamps.slice(0, refused));
  ingest.simulator.log.clear();
  expect(await select(name)).toMatchObject({ status: 'complete', objects: [{ receipts: [{ complete: true, inserted: 20 }] }] });
  expect(await ingest.rows(`select cursor_field from ${schema}.sync_object where object = $1`, [name])).toEqual([{ cursor_field: cursor }]);
  expect(probes(name)).toHaveLength(cursor === null ? 3 : refused + 1);
  const { objects: [shown] } = await ingest.ask(getCatalogue, { connectionId, object: name });
  expect(shown?.changesFoundBy).toContain(cursor === null ? 'read whole each time' : `found by ${cursor}. Salesforce refuses SystemModstamp`);
});

it('asks once, and not again before the fields of the object change', async () => {
  addObject('Once__c', []);
  await select('Once__c');
  ingest.simulator.log.clear();
  ingest.simulator.org.insert('Once__c', { Name: 'More' });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(probes('Once__c')).toEqual([]);
});

it('takes another field when Salesforce refuses the one it accepted before', async () => {
  addObject('Later__c', []);
  await select('Later__c');
  ingest.simulator.settings.unfilterableFields = [{ object: 'Later__c', field: 'SystemModstamp', described: false }];
  ingest.simulator.org.insert('Later__c', { Name: 'More' });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ windowFrom: null, complete: true, inserted: 1 }] }] });
  expect(await ingest.rows(`select cursor_field from ${schema}.sync_object where object = 'Later__c'`)).toEqual([{ cursor_field: 'LastModifiedDate' }]);
  expect(await ingest.differences('Later__c')).toEqual([]);
});

it('does not even ask by a field that is described as unfit', async () => {
  addObject('Told__c', ['SystemModstamp'], true);
  ingest.simulator.log.clear();
  await select('Told__c');
  expect(probes('Told__c')).toEqual([expect.stringContaining('LastModifiedDate')]);
});
