import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('a field made anew under its name between two descriptions', () => {
  /** An object that was read once, with a field whose old values are at the source no more and of which no stamp tells. */
  async function readOnceThenRemade(name: string): Promise<void> {
    const { clock, org } = ingest.simulator;
    org.addObject({ name, fields: [] });
    // The last of all fields, where a new one comes as well.
    org.addField(name, note);
    for (let row = 0; row < 3; row += 1) org.insert(name, { Note__c: 'old' });
    // So long ago that no overlap of windows reads them again.
    clock.advance(60 * 60_000);
    const before = await ingest.finishedRun();
    await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
    expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
    clock.advance(60 * 60_000);
    org.removeField(name, 'Note__c');
    org.addField(name, note);
  }
  const stored = async (name: string) => (await ingest.rows<{ note__c: string | null }>(`select distinct note__c from ${schema}.${name.toLowerCase()}`)).map((row) => row.note__c);

  it('loses its old values, also right after the first run', async () => {
    await readOnceThenRemade('Early__c');
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await stored('Early__c')).toEqual([null]);
  });

  it('loses them when the setup told nothing before: the rows are read again to be sure', async () => {
    ingest.simulator.settings.setupSight = 'refused';
    await readOnceThenRemade('Untold__c');
    ingest.simulator.settings.setupSight = 'all';
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: 3, windowFrom: null }] }] });
    expect(await stored('Untold__c')).toEqual([null]);
  });

  it('loses them within a day when nothing says that the description changed', async () => {
    ingest.simulator.settings.describeTellsRemade = false;
    await readOnceThenRemade('Silent__c');
    expect(await describeAgain()).toMatchObject({ status: 'complete' });
    expect(await stored('Silent__c')).toEqual(['old']);
    await ingest.rows(`update ingest.object_describe set explained_at = explained_at - interval '1 day' where object = 'Silent__c'`);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await stored('Silent__c')).toEqual([null]);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ parsed: 0 }] }] });
  });
});
