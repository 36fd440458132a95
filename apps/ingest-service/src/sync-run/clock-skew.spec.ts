import { putSelection, Selection } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
let ingest: IngestHarness;

/** Salesforce's clock against this machine's; a service whose own clock is wrong by as much sees the same. */
function skew(ms: number): void {
  ingest.simulator.clock.set(new Date(Date.now() + ms));
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({}, { restRows: 50 });
  // A grant nobody used for thirty days would end; here it is the clocks that differ.
  ingest.simulator.settings.refreshTokenIdleMs = null;
  skew(-30 * dayMs);
  await ingest.firstRun();
  ingest.simulator.org.addObject({ name: 'Skewed__c', fields: [{ name: 'Note__c', type: 'string' }], rows: 20 });
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Skewed__c' }] }) });
  await ingest.finishedRun(before.id);
});

afterAll(async () => {
  await ingest?.stop();
});

/** Changes rows, reads, and changes and reads once more without the clocks having moved. */
async function expectNothingLost(): Promise<void> {
  const { org } = ingest.simulator;
  for (const note of ['first', 'second']) {
    const ids = org.rows('Skewed__c').map((row) => String(row['Id']));
    org.insert('Skewed__c', { Name: 'New', Note__c: note });
    org.update('Skewed__c', ids[3] ?? '', { Note__c: note });
    org.delete('Skewed__c', ids.find((id) => org.find('Skewed__c', id)?.['IsDeleted'] !== true) ?? '');
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', reasons: [] });
    expect(await ingest.differences('Skewed__c')).toEqual([]);
  }
}

// In the order of time: Salesforce's own clock does not run backwards. Greenwich has no summer time, and no stamp of Salesforce a leap second.
it.each([
  ['thirty days ahead of Salesforce', -30 * dayMs], ['an hour ahead', -hourMs], ['right again', 0], ['an hour behind', hourMs], ['an hour further behind, as after a jump backwards', 2 * hourMs], ['thirty days behind', 30 * dayMs],
])('loses no window and ends no session too early while the clock here is %s', async (_what, ms) => {
  skew(ms);
  const { leases } = ingest.auth;
  const refreshed = ingest.auth.rejected.length;
  await expectNothingLost();
  // A jump of days ends Salesforce's session: one renewal, never more.
  expect(ingest.auth.rejected.length - refreshed).toBeLessThanOrEqual(1);
  expect(ingest.auth.leases - leases).toBeLessThanOrEqual(4);
});
