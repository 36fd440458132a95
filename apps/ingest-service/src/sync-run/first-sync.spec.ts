import { afterAll, beforeAll, expect, it } from 'vitest';
import { IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService();
});

afterAll(async () => {
  await ingest?.stop();
});

it('copies the preset after consent, equal to the source row by row, with agreeing receipts', async () => {
  const run = await ingest.firstRun();
  expect(run.reasons).toEqual([]);
  expect(run).toMatchObject({ kind: 'first', status: 'complete' });
  for (const { object, status, receipts } of run.objects) {
    expect(`${object} ${status}`).toBe(`${object} complete`);
    expect(receipts).toHaveLength(1);
    expect(receipts[0]).toMatchObject({ complete: true, parsed: receipts[0]?.sourceCount, inserted: receipts[0]?.parsed });
    expect(await ingest.differences(object)).toEqual([]);
  }
  expect(run.objects.map(({ object }) => object)).toEqual(expect.arrayContaining(['User', 'Opportunity', 'OpportunityStage', 'Account', 'Case']));
});

it('lets the reader role, and nobody else, read rows and bookkeeping', async () => {
  await ingest.rows('set role tributary_analytics');
  const counted = await ingest.rows<{ rows: string; stored: string }>(`select (select count(*) from ${schema}.opportunity) as rows, stored_rows as stored from ${schema}.sync_object where object = 'Opportunity'`);
  await ingest.rows('set role tributary_gateway');
  await expect(ingest.rows(`select 1 from ${schema}.opportunity`)).rejects.toThrow(/permission denied/);
  await ingest.rows('reset role');
  expect(counted[0]?.rows).toBe(counted[0]?.stored);
});
