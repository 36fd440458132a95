import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mostColumns, usualBounds } from '../describe/row-bounds.ts';
import { mergeColumns } from '../formula/merge-columns.ts';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

/** More than fit: a text of 24 bytes or more takes 18 of its row. */
const texts = Array.from({ length: 500 }, (_, index) => ({ name: `Text_${index}__c`, type: 'string' as const, length: 255 }));
const half = texts.slice(0, 250);
const longText = 'A text that a person wrote down.';
const rows = 120;
let ingest: IngestHarness;

async function copied(objects: readonly { readonly name: string; readonly fields?: readonly string[] }[]): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects }) });
  return ingest.finishedRun(before.id);
}

/** Each row has texts in some fields and nothing in the others. */
function addObject(name: string, filled: readonly { readonly name: string }[] = texts): void {
  const row = Object.fromEntries(filled.map(({ name: field }) => [field, longText]));
  ingest.simulator.org.addObject({ name, fields: texts, rows: { count: name.startsWith('Rest') ? 5 : rows, row: () => row } });
}

function filling(name: string, fields: readonly { readonly name: string }[]): void {
  const { org, clock } = ingest.simulator;
  clock.advance(3_600_000);
  org.update(name, String(org.rows(name)[0]?.['Id']), Object.fromEntries(fields.map(({ name: field }) => [field, `${longText} It is new.`])));
  clock.advance(3_600_000);
}

const namesOf = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name);

function isTooWide(run: SyncRun, name: string): void {
  expect(run.reasons).toEqual([{
    object: name, code: 'ROW_TOO_WIDE',
    text: 'A record fills more columns than one row of the warehouse holds (8 kB): whoever chooses the data can choose fewer fields of this object. Each run tries again and copies it once its records fit.',
  }]);
  expect(run).toMatchObject({ status: 'partial', objects: expect.arrayContaining([expect.objectContaining({ object: name, status: 'partial', receipts: [] })]) as unknown });
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  // As tables were made before columns went into groups.
  await ingest.startService({}, { restRows: 50, bulkPageRows: 50, rowBounds: { own: mostColumns, group: usualBounds.group } });
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

it.each(['Rest', 'Bulk'])('says of an object by %s whose records fill more than a row holds who can mend it, once a run, and copies it when fewer fields are chosen', async (api) => {
  const name = `${api}_wide__c`;
  addObject(name);
  ingest.simulator.org.addObject({ name: `${api}_beside__c`, fields: [], rows: 5 });
  ingest.simulator.log.clear();
  const run = await copied([{ name }, { name: `${api}_beside__c` }]);
  isTooWide(run, name);
  expect(run.objects).toEqual(expect.arrayContaining([expect.objectContaining({ object: `${api}_beside__c`, status: 'complete' })]));
  const asked = ingest.simulator.log.entries().filter(({ method, path, query }) => (api === 'Bulk' ? method === 'POST' && path.endsWith('/jobs/query') : (query['q'] ?? '').includes('Text_0__c')));
  expect(asked).toHaveLength(1);

  isTooWide(await ingest.nextRun(), name);
  expect(await copied([{ name, fields: namesOf(half) }])).toMatchObject({ status: 'complete', reasons: [] });
  expect(await ingest.differences(name)).toEqual([]);
});

it('keeps the rows it has when a record grows too wide, and takes it when it fits again', async () => {
  addObject('Growing__c', half);
  expect(await copied([{ name: 'Growing__c' }])).toMatchObject({ status: 'complete' });
  filling('Growing__c', texts);
  isTooWide(await ingest.nextRun(), 'Growing__c');
  const emptied = Object.fromEntries(texts.slice(10).map(({ name }) => [name, null]));
  expect(await ingest.rows(`select count(*)::int as rows, count(*) filter (where text_0__c = $1)::int as old from ${schema}.growing__c`, [longText])).toEqual([{ rows, old: rows }]);
  ingest.simulator.org.update('Growing__c', String(ingest.simulator.org.rows('Growing__c')[0]?.['Id']), emptied);
  ingest.simulator.clock.advance(3_600_000);
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete', reasons: [] });
  expect(await ingest.differences('Growing__c')).toEqual([]);
});

it('says so too when a row is too wide only with what fields hold that are no longer chosen', async () => {
  addObject('Kept__c');
  expect(await copied([{ name: 'Kept__c', fields: namesOf(half) }])).toMatchObject({ status: 'complete' });
  isTooWide(await copied([{ name: 'Kept__c', fields: namesOf(texts.slice(250)) }]), 'Kept__c');
  expect(await ingest.rows(`select count(*)::int as rows, count(text_0__c)::int as filled, count(text_499__c)::int as other from ${schema}.kept__c`)).toEqual([{ rows, filled: rows, other: 0 }]);
});

it('names it as well when values of formulas make a row too wide', async () => {
  addObject('Formulas__c', half);
  expect(await copied([{ name: 'Formulas__c' }])).toMatchObject({ status: 'complete' });
  const columns = texts.slice(250).map(({ name }) => name.toLowerCase());
  const plan = { object: 'Formulas__c', label: 'Formulas', table: 'formulas__c', columns: [], excluded: [], cursors: [], cursor: undefined, hasIsDeleted: true, replicateable: true, rowBounds: usualBounds };
  await expect(ingest.get(SqlPool).transaction(async (client) => {
    await client.query(`create table stage_of_formulas as select id, 0 as _page, ${columns.map((column) => `'${longText}' as ${column}`).join(', ')} from ${schema}.formulas__c limit 5`);
    return mergeColumns(client, { schema, stage: 'stage_of_formulas', plan, columns, version: 2n });
  })).rejects.toMatchObject({ kind: 'invalid-input', code: 'ROW_TOO_WIDE' });
});
