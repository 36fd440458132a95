import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const note = { name: 'Note__c', type: 'string' } as const;

async function storedNote(id: string): Promise<unknown> {
  const [row] = await ingest.rows<{ note__c: string | null }>(`select note__c from ${schema}.plan__c where id = $1`, [id]);
  return row?.note__c;
}

function firstId(): string {
  return String(ingest.simulator.org.rows('Plan__c')[0]?.['Id']);
}

async function select(fields?: string[]): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Plan__c', ...(fields === undefined ? {} : { fields }) }] }) });
  return ingest.finishedRun(before.id);
}

/** Changes a row while its field is not copied, and lets the change settle, so that no overlap of windows reads it again. */
async function changeMeanwhile(text: string): Promise<void> {
  ingest.simulator.org.update('Plan__c', firstId(), { Note__c: text });
  await ingest.nextRun();
  ingest.simulator.clock.advance(60 * 60_000);
  await ingest.nextRun();
  ingest.simulator.clock.advance(60 * 60_000);
}

/** Descriptions are trusted for an hour. */
async function describeAgain(): Promise<SyncRun> {
  await ingest.rows(`update ingest.connection set schema_read_at = now() - interval '2 hours'`);
  return ingest.nextRun();
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  ingest.simulator.org.addObject({ name: 'Plan__c', fields: [note, { name: 'Other__c', type: 'string' }, { name: 'Start__c', type: 'time' }], rows: { count: 20, row: (index) => ({ Name: `Plan ${index}`, Note__c: 'old', Other__c: 'other', Start__c: '08:30:00.000Z' }) } });
  await ingest.startService();
  await ingest.firstRun();
  expect(await select()).toMatchObject({ status: 'complete' });
});

afterAll(async () => {
  await ingest?.stop();
});

it('row 38: reads a field again that was hidden by permissions and is shown again', async () => {
  ingest.simulator.settings.hiddenFields = [{ object: 'Plan__c', field: 'Note__c' }];
  await describeAgain();
  await changeMeanwhile('changed while hidden');
  expect(await storedNote(firstId())).toBe('old');
  ingest.simulator.settings.hiddenFields = [];
  expect(await describeAgain()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: 20, windowFrom: null }] }] });
  expect(await storedNote(firstId())).toBe('changed while hidden');
  expect(await ingest.differences('Plan__c')).toEqual([]);
});

it('reads a field again that is chosen again', async () => {
  await select(['Other__c']);
  await changeMeanwhile('changed while not chosen');
  expect(await select()).toMatchObject({ status: 'complete' });
  expect(await storedNote(firstId())).toBe('changed while not chosen');
});

it('row 38: reads a field again that was removed and is there again, without its old values', async () => {
  ingest.simulator.org.removeField('Plan__c', 'Note__c');
  await ingest.nextRun();
  expect(await storedNote(firstId())).toBe('changed while not chosen');
  ingest.simulator.clock.advance(60 * 60_000);
  await ingest.nextRun();
  ingest.simulator.org.addField('Plan__c', note);
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(ingest.simulator.org.rows('Plan__c').filter((row) => row['Note__c'] != null)).toEqual([]);
  expect(await ingest.rows(`select 1 from ${schema}.plan__c where note__c is not null`)).toEqual([]);
});

it('reads a field again that became text, so that its values have the spelling of the source', async () => {
  ingest.simulator.clock.advance(60 * 60_000);
  await ingest.nextRun();
  ingest.simulator.org.addField('Plan__c', { name: 'Start__c', type: 'string' });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: 20, windowFrom: null }] }] });
  expect(await ingest.rows(`select distinct start__c from ${schema}.plan__c`)).toEqual([{ start__c: '08:30:00.000Z' }]);
});
