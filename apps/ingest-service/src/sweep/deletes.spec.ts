import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const objects = ['Listed__c', 'Unlisted__c', 'Hidden__c', 'Trimmed__c', 'Merged__c', 'Binless__c'];
const dayMs = 24 * 60 * 60_000;

function idsOf(name: string): string[] {
  return ingest.simulator.org.rows(name).filter((row) => row['IsDeleted'] !== true).map((row) => String(row['Id']));
}

function receiptsOf(run: SyncRun, name: string) {
  return run.objects.find(({ object }) => object === name)?.receipts ?? [];
}

async function stateOf(name: string, id: string | undefined): Promise<unknown> {
  const rows = await ingest.rows<{ deleted: boolean; reason: string | null }>(
    `select t._deleted as deleted, d.reason from ${schema}.${name.toLowerCase()} t left join ${schema}.tombstone d on d.object = $1 and d.id = t.id where t.id = $2`, [name, id]);
  return rows[0];
}

/** Counts kept beside the rows say the same as the rows. */
async function kept(name: string): Promise<unknown> {
  const [row] = await ingest.rows(`select tombstones = (select count(*) from ${schema}.${name.toLowerCase()} where _deleted) as agree from ${schema}.sync_object where object = $1`, [name]);
  return row;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  for (const name of objects) {
    ingest.simulator.org.addObject({
      name, replicateable: name !== 'Unlisted__c', fields: [{ name: 'Note__c', type: 'string' }, { name: 'MasterRecordId', type: 'reference' }],
      rows: { count: 100, row: (index) => ({ Name: `Row ${index}` }) },
    });
  }
  // Rows of some objects never go to the recycle bin: nothing marks them.
  ingest.simulator.settings.hiddenFields = [{ object: 'Binless__c', field: 'IsDeleted' }];
  await ingest.startService();
  await ingest.firstRun();
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: objects.map((name) => ({ name })) }) });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
  ingest.simulator.clock.advance(20 * 60_000);
});

afterAll(async () => {
  await ingest?.stop();
});

it('row 42: finds a purged row in the list of deletions and says that it was purged', async () => {
  const [purged, binned] = idsOf('Listed__c');
  ingest.simulator.org.purge('Listed__c', purged ?? '');
  ingest.simulator.org.delete('Listed__c', binned ?? '');
  ingest.simulator.clock.advance(60_000);
  const run = await ingest.nextRun();
  expect(receiptsOf(run, 'Listed__c')).toMatchObject([{ tombstones: 1 }, { complete: true, tombstones: 1, reason: expect.stringContaining('gone at Salesforce') as string }]);
  expect([await stateOf('Listed__c', purged), await stateOf('Listed__c', binned)]).toEqual([{ deleted: true, reason: 'purged' }, { deleted: true, reason: 'deleted' }]);
  expect(await kept('Listed__c')).toEqual({ agree: true });
});

it('row 42: is told of a purged row again when it broke off before the row was marked', async () => {
  const { org, clock, faults } = ingest.simulator;
  const [purged] = idsOf('Listed__c');
  org.purge('Listed__c', purged ?? '');
  clock.advance(60_000);
  faults.add({
    match: { path: /\/Listed__c\/deleted\/?$/ },
    answer: {
      tamper: (body) => {
        expect(body).toContain(purged);
        faults.add({ match: { path: /\/queryAll$/ }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }]) } });
        return body;
      },
    },
  });
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial' });
  faults.clear();
  expect(await stateOf('Listed__c', purged)).toEqual({ deleted: false, reason: null });
  clock.advance(30 * 60_000);
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await stateOf('Listed__c', purged)).toEqual({ deleted: true, reason: 'purged' });
});

it('row 42: finds a purged row of an object without a list of deletions by counting and comparing', async () => {
  const [purged] = idsOf('Unlisted__c');
  ingest.simulator.org.purge('Unlisted__c', purged ?? '');
  ingest.simulator.org.insert('Unlisted__c', { Name: 'New' });
  const run = await ingest.nextRun();
  expect(receiptsOf(run, 'Unlisted__c').at(-1)).toMatchObject({ complete: true, tombstones: 1, parsed: 100, reason: expect.stringContaining('All 100 Ids were compared: 1 rows were missing') as string });
  expect(await stateOf('Unlisted__c', purged)).toEqual({ deleted: true, reason: 'purged' });
});

it('row 42: finds what was deleted of an object that has no recycle bin', async () => {
  const [purged] = idsOf('Binless__c');
  expect(await ingest.rows(`select 1 from ${schema}.field_catalogue where object = 'Binless__c' and field = 'IsDeleted'`)).toEqual([]);
  ingest.simulator.org.purge('Binless__c', purged ?? '');
  ingest.simulator.clock.advance(60_000);
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await stateOf('Binless__c', purged)).toEqual({ deleted: true, reason: 'purged' });
  expect(await kept('Binless__c')).toEqual({ agree: true });
});

it('row 42: compares all Ids at once when the list of deletions has a gap', async () => {
  const [purged] = idsOf('Trimmed__c');
  ingest.simulator.org.purge('Trimmed__c', purged ?? '');
  ingest.simulator.clock.advance(5 * 60_000);
  ingest.simulator.org.trimDeleteLog(ingest.simulator.clock.now());
  const run = await ingest.nextRun();
  expect(receiptsOf(run, 'Trimmed__c').at(-1)).toMatchObject({ complete: true, tombstones: 1, parsed: 99 });
  expect(await stateOf('Trimmed__c', purged)).toEqual({ deleted: true, reason: 'purged' });
});

it('marks nothing when too much is missing at once, and says why', async () => {
  const { settings, clock } = ingest.simulator;
  settings.hiddenRecords = idsOf('Hidden__c').slice(0, 20);
  clock.advance(dayMs);
  const run = await ingest.nextRun();
  expect(run.reasons).toMatchObject([{ object: 'Hidden__c', text: expect.stringMatching(/20 of 100 rows cannot be found .* lost permission/) as string }]);
  expect(await ingest.rows(`select count(*)::int as gone from ${schema}.hidden__c where _deleted`)).toEqual([{ gone: 0 }]);
  settings.hiddenRecords = [];
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
});

it('tells a row that sharing hides from a purged one, and takes it back when it is seen again', async () => {
  const { settings, clock } = ingest.simulator;
  const [hidden] = idsOf('Hidden__c');
  settings.hiddenRecords = [hidden ?? ''];
  clock.advance(dayMs);
  await ingest.nextRun();
  expect(await stateOf('Hidden__c', hidden)).toEqual({ deleted: true, reason: 'not visible' });
  settings.hiddenRecords = [];
  clock.advance(7 * dayMs);
  const repair = await ingest.nextRun();
  expect(receiptsOf(repair, 'Hidden__c').at(-1)?.reason).toContain('read again by the next run');
  await ingest.nextRun();
  expect(await stateOf('Hidden__c', hidden)).toEqual({ deleted: false, reason: null });
  expect(await kept('Hidden__c')).toEqual({ agree: true });
});

it('row 42: keeps the winner of a merge with its loser, and clears the mark of what is undeleted', async () => {
  const { org } = ingest.simulator;
  const [winner, loser] = idsOf('Merged__c');
  org.update('Merged__c', loser ?? '', { MasterRecordId: winner ?? '' });
  org.delete('Merged__c', loser ?? '');
  await ingest.nextRun();
  expect(await stateOf('Merged__c', loser)).toEqual({ deleted: true, reason: 'deleted' });
  expect(await ingest.rows(`select masterrecordid from ${schema}.merged__c where id = $1`, [loser])).toEqual([{ masterrecordid: winner }]);
  org.undelete('Merged__c', loser ?? '');
  await ingest.nextRun();
  expect(await stateOf('Merged__c', loser)).toEqual({ deleted: false, reason: null });
});

it('knows per object how deletions are found and what the last comparison said', async () => {
  expect(await ingest.rows(`select sources, outcome is not null as compared from ingest.delete_watch where object = 'Unlisted__c'`)).toEqual([{ sources: ['recycle bin', 'comparison of all Ids'], compared: true }]);
});
