import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IngestHarness } from '../spec-support/ingest.harness.ts';
import { connectMore } from '../spec-support/one-org.harness.ts';

const objects = Array.from({ length: 4 }, (_, number) => `Object${number}__c`);
let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  for (const name of objects) ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: 300, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
  const exports = { restRows: 0, bulkPartRows: 100 };
  await ingest.startService({}, exports);
  await ingest.startAnother({}, exports);
});

afterAll(async () => {
  await ingest?.stop();
});

async function exportsInProgress(): Promise<number> {
  const response = await fetch(`${ingest.simulator.orgOrigin}/services/data/v66.0/jobs/query`, { headers: { authorization: `Bearer ${ingest.auth.token}` } });
  const { records } = (await response.json()) as { records: { state: string }[] };
  return records.filter(({ state }) => state === 'UploadComplete' || state === 'InProgress').length;
}

it('has an org make ten exports at most at a time for two processes together, and gives back every slot', async () => {
  ingest.simulator.settings.bulkRunMs = 1_000;
  // Three objects of each are copied at once, in three parts of which the next is made ahead.
  const ids = await connectMore(ingest, 6, objects);
  let [most, ended] = [0, 0];
  const endsAt = performance.now() + 100_000;
  while (ended < ids.length && performance.now() < endsAt) {
    most = Math.max(most, await exportsInProgress());
    const runs = await ingest.rows<{ status: string }>(`select status from ingest.sync_run where connection_id = any($1) and status <> 'running'`, [ids]);
    expect(runs.filter(({ status }) => status !== 'complete')).toEqual([]);
    ended = runs.length;
    await sleep(50);
  }
  expect(ended).toBe(ids.length);
  expect(most).toBeLessThanOrEqual(10);
  // How near they come to ten is chance: who was after the same slot as another tries again a little later.
  expect(most).toBeGreaterThan(6);
  expect(await ingest.rows('select distinct holder from ingest.call_slot where kind = $1', ['export'])).toEqual([]);
}, 150_000);
