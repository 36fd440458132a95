import { confirmDeletions, listDeletions, putSelection, Selection, type ObjectDeletions, type SyncRun } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const personId = PersonId.parse('0199aa00-0000-7000-8000-00000000000a');
/** `Whole__c` has no stamp by which changes could be found, so that every run reads all of it. */
const objects = ['Whole__c', 'Stamped__c'];

function idsOf(name: string): string[] {
  return ingest.simulator.org.rows(name).filter((row) => row['IsDeleted'] !== true).map((row) => String(row['Id']));
}

function reasonsOf(run: SyncRun, name: string) {
  return run.reasons.filter(({ object }) => object === name);
}

async function marked(name: string): Promise<number> {
  const [row] = await ingest.rows<{ marked: number }>(`select count(*)::int as marked from ${schema}.${name.toLowerCase()} where _deleted`);
  return row?.marked ?? -1;
}

async function deletionsOf(name: string): Promise<ObjectDeletions | undefined> {
  return (await ingest.ask(listDeletions, { connectionId })).objects.find(({ object }) => object === name);
}

/** Exports and queries of all Ids of an object since the log was cleared. */
function comparisons(name: string): number {
  return ingest.simulator.log.entries().filter(({ query, method, path }) => (method === 'POST' && path.endsWith('/jobs/query')) || (/^SELECT Id, ?IsDeleted, ?SystemModstamp FROM/i.test(query['q'] ?? '') && query['q']?.includes(name))).length;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  const { org, settings, clock } = ingest.simulator;
  for (const name of objects) org.addObject({ name, fields: [{ name: 'Name', type: 'string' }], rows: { count: 100, row: (index) => ({ Name: `Row ${index}` }) } });
  settings.hiddenFields = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'].map((field) => ({ object: 'Whole__c', field }));
  await ingest.startService();
  await ingest.firstRun();
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: objects.map((name) => ({ name })) }) });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
  clock.advance(20 * 60_000);
});

afterEach(() => void (ingest.simulator.settings.hiddenRecords = []));

afterAll(async () => {
  await ingest?.stop();
});

it.each([['all', 100], ['a fifth', 20]])('marks nothing of an object that is read whole when %s of it is missing at once, and says why', async (_share, missing) => {
  ingest.simulator.settings.hiddenRecords = idsOf('Whole__c').slice(0, missing);
  const run = await ingest.nextRun();
  expect(run.status).toBe('partial');
  expect(reasonsOf(run, 'Whole__c')).toMatchObject([{ code: 'DELETIONS_HELD', text: expect.stringMatching(new RegExp(`^${missing} of 100 rows cannot be found .* lost permission`)) as string }]);
  expect(await marked('Whole__c')).toBe(0);
  ingest.simulator.settings.hiddenRecords = [];
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete', reasons: [] });
});

it('asks by Id for the few rows a whole read did not bring, and marks those that are gone with the reason', async () => {
  const { org, log } = ingest.simulator;
  const [purged] = idsOf('Whole__c');
  org.purge('Whole__c', purged ?? '');
  log.clear();
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(log.entries().filter(({ query }) => query['q']?.includes(String(purged)))).toHaveLength(1);
  expect(await ingest.rows(`select t._deleted as deleted, d.reason from ${schema}.whole__c t join ${schema}.tombstone d on d.object = 'Whole__c' and d.id = t.id`)).toEqual([{ deleted: true, reason: 'purged' }]);
});

it('tells per object how deletions are found and how sure that is', async () => {
  expect(await deletionsOf('Whole__c')).toMatchObject({ sources: ['full-read'], confidence: 'high', comparedAt: expect.any(String) as string, held: null });
  expect(await deletionsOf('Stamped__c')).toMatchObject({ sources: ['recycle-bin', 'list-of-deletions', 'comparison-of-ids'], confidence: 'high', held: null });
});

it('holds a purge nobody can tell from a lost permission without comparing all Ids again in each run', async () => {
  const { org, clock, log } = ingest.simulator;
  const [binned, ...purged] = idsOf('Stamped__c').slice(0, 21);
  org.delete('Stamped__c', binned ?? '');
  await ingest.nextRun();
  org.purge('Stamped__c', binned ?? '');
  for (const id of purged) org.purge('Stamped__c', id);
  clock.advance(60_000);
  org.trimDeleteLog(clock.now());
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial' });
  log.clear();
  const run = await ingest.nextRun();
  expect(reasonsOf(run, 'Stamped__c')).toMatchObject([{ code: 'DELETIONS_HELD', text: expect.stringMatching(/^20 of 99 rows .* complete again by itself once they are back\.$/) as string }]);
  expect(comparisons('Stamped__c')).toBe(0);
  expect(await marked('Stamped__c')).toBe(1);
  expect(await deletionsOf('Stamped__c')).toMatchObject({ confidence: 'low', cause: 'held', held: { rows: 20, storedRows: 99, confirmedAt: null, examples: [0, 4, 8, 12, 16].map((at) => ({ id: purged.toSorted()[at], name: expect.stringMatching(/^Row \d+$/) as string })) } });
});

it('marks the rows a person confirms, those and no others, and is complete again', async () => {
  await expect(ingest.ask(confirmDeletions, { connectionId, personId, object: 'Stamped__c', rows: 19 })).rejects.toMatchObject({ code: 'HELD_DELETIONS_CHANGED' });
  const before = await ingest.finishedRun();
  expect((await ingest.ask(confirmDeletions, { connectionId, personId, object: 'Stamped__c', rows: 20 })).objects.find(({ object }) => object === 'Stamped__c')).toMatchObject({ held: { rows: 20, confirmedAt: expect.any(String) as string } });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete', reasons: [] });
  expect(await ingest.rows(`select count(*)::int as gone, min(d.reason) as reason from ${schema}.stamped__c t join ${schema}.tombstone d on d.object = 'Stamped__c' and d.id = t.id where t._deleted`)).toEqual([{ gone: 21, reason: 'purged' }]);
  expect(await deletionsOf('Stamped__c')).toMatchObject({ confidence: 'high', held: null });
  expect(await ingest.rows(`select payload->'data' as data from ingest.outbox where payload->>'type' = 'ingest.deletions.confirmed'`)).toEqual([{ data: { connectionId, personId, object: 'Stamped__c', rows: 20 } }]);
});

it('marks confirmed rows of an object that is read whole, and holds what is missing besides', async () => {
  const { org, settings } = ingest.simulator;
  const ids = idsOf('Whole__c');
  const [first, second] = [ids.slice(0, 20), ids.slice(20, 40)];
  for (const id of first) org.purge('Whole__c', id);
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial' });
  settings.hiddenRecords = second;
  await ingest.rows(`update ingest.held_deletion set confirmed_at = now() where object = 'Whole__c'`);
  const run = await ingest.nextRun();
  expect(reasonsOf(run, 'Whole__c')).toMatchObject([{ text: expect.stringMatching(/^20 of 99 rows/) as string }]);
  expect(await ingest.rows(`select id from ${schema}.whole__c where _deleted order by id`)).toEqual(expect.arrayContaining(first.map((id) => ({ id }))));
  expect(await marked('Whole__c')).toBe(21);
  settings.hiddenRecords = [];
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
});
