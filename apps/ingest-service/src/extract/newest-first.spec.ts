import { putSelection, Selection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { isWorthReadingFirst, newestBounds } from './newest-first.ts';

let ingest: IngestHarness;
const now = new Date('2026-11-26T10:00:00.000Z');
const bounds = { newestFirstRows: 3_000 };
const service = { TRIBUTARY_BULK_PAGE_ROWS: '500', TRIBUTARY_REST_ROWS: '100' };
const results = /\/jobs\/query\/\w+\/results/;

/** 4,000 rows, each fourth of them changed this year, the others long ago, and some of both in the recycle bin. @returns the id of the run before */
async function select(name: string): Promise<string> {
  const stamp = (index: number): string => new Date(Date.parse(index % 4 === 0 ? '2026-06-01' : '2019-03-01') + index * 1_000).toISOString();
  ingest.simulator.org.addObject({
    name, fields: [{ name: 'Amount__c', type: 'currency' }],
    rows: { count: 4_000, row: (index) => ({ Name: `Row ${index}`, Amount__c: index, IsDeleted: index % 50 === 0, SystemModstamp: stamp(index), LastModifiedDate: stamp(index), CreatedDate: stamp(index) }) },
  });
  const { id } = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return id;
}

async function bookkeeping(name: string): Promise<Record<string, unknown>> {
  const [row = {}] = await ingest.rows(`select status, reason, source_rows::int as source, stored_rows::int as stored, version::int as version, loaded_at is not null as loaded, as_of from ${schema}.sync_object where object = $1`, [name]);
  return row;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty', now });
  await ingest.startService(service, bounds);
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

describe('the newest rows of a first load', () => {
  it('are those of the last four quarters and this one, or of this one, when they are no more than half', () => {
    expect(newestBounds(now).map((bound) => bound.toISOString().slice(0, 10))).toEqual(['2025-10-01', '2026-10-01']);
    expect(newestBounds(new Date('2027-01-01T00:00:00Z')).map((bound) => bound.toISOString().slice(0, 10))).toEqual(['2026-01-01', '2027-01-01']);
    expect([isWorthReadingFirst(0, 10), isWorthReadingFirst(5, 10), isWorthReadingFirst(6, 10)]).toEqual([false, true, false]);
  });

  it('are there before the others, each part with its receipt, and told as what they are', async () => {
    ingest.simulator.faults.add({ match: { path: results, nth: 3 }, answer: { delayMs: 600 } });
    const before = await select('Newest__c');
    const early = await until('the newest rows', async () => ((await bookkeeping('Newest__c'))['stored'] === 1_000 ? bookkeeping('Newest__c') : undefined), 20_000);
    expect(early).toEqual({ status: 'loading', reason: 'What changed since 2025-10-01 is here; older rows follow.', source: 4_000, stored: 1_000, version: 1, loaded: false, as_of: null });
    const run = await ingest.finishedRun(before);
    expect(run).toMatchObject({ status: 'complete', objects: [{ status: 'complete' }] });
    expect(run.objects[0]?.receipts.map(({ complete, sourceCount, jobCount, inserted, updated }) => ({ complete, sourceCount, jobCount, inserted, updated })).toSorted((a, b) => a.inserted - b.inserted)).toEqual([
      { complete: true, sourceCount: 1_000, jobCount: 1_000, inserted: 1_000, updated: 0 }, { complete: true, sourceCount: 3_000, jobCount: 3_000, inserted: 3_000, updated: 0 }]);
    expect(await bookkeeping('Newest__c')).toMatchObject({ status: 'complete', reason: null, source: 4_000, stored: 4_000, version: 2, loaded: true });
    expect(await ingest.rows(`select _version::int as version, count(*)::int as rows from ${schema}.newest__c group by 1 order by 1`)).toEqual([{ version: 1, rows: 1_000 }, { version: 2, rows: 3_000 }]);
    // The table that was loaded last took the place of the first one, with its rows.
    expect(await ingest.rows(`select conname like 'stage%' as loaded from pg_constraint where conrelid = '${schema}.newest__c'::regclass and contype = 'p'`)).toEqual([{ loaded: true }]);
    expect(await ingest.rows('select from ingest.backfill')).toEqual([]);
    expect(await ingest.differences('Newest__c')).toEqual([]);
    const deleted = ingest.simulator.org.rows('Newest__c').filter((row) => row['IsDeleted'] === true).map((row) => String(row['Id'])).toSorted();
    expect(deleted).toHaveLength(80);
    expect(await ingest.rows(`select id, reason from ${schema}.tombstone where object = 'Newest__c' order by id`)).toEqual(deleted.map((id) => ({ id, reason: 'deleted' })));
  });

  it('stay when the work stops before the others are read, which then follow; what changed meanwhile is not lost', async () => {
    ingest.simulator.faults.add({ match: { path: results, times: 12 }, answer: { delayMs: 300 } });
    const before = await select('Stopped__c');
    await until('the newest rows under way', async () => (await ingest.rows(`select from ingest.extract_job where reach = 'newest' and job_count is not null`)).length > 0, 20_000);
    const [old = '', older = ''] = ingest.simulator.org.rows('Stopped__c').filter((_row, index) => index % 4 !== 0).map((row) => String(row['Id']));
    ingest.simulator.org.update('Stopped__c', old, { Amount__c: 99 });
    ingest.simulator.org.delete('Stopped__c', older);
    // The older rows are read so much later that what changed here counts as settled then.
    ingest.simulator.clock.advance(60 * 60_000);
    await until('the newest rows', async () => (await bookkeeping('Stopped__c'))['stored'] === 1_000, 20_000);
    await ingest.stopService();
    await ingest.startService(service, bounds);
    await until('the older rows under way', async () => (await ingest.rows(`select from ingest.extract_job where reach = 'backfill' and pages >= 1`)).length > 0, 20_000);
    expect(await bookkeeping('Stopped__c')).toMatchObject({ status: 'loading', reason: 'What changed since 2025-10-01 is here; older rows follow.' });
    const run = await ingest.finishedRun(before);
    expect(run).toMatchObject({ status: 'complete' });
    expect(run.objects[0]?.receipts).toHaveLength(2);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await ingest.differences('Stopped__c')).toEqual([]);
    expect(await bookkeeping('Stopped__c')).toMatchObject({ status: 'complete', stored: 4_000 });
  });
});
