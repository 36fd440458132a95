import { getCatalogue, getSyncSettings, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import type { FieldInput, FieldValue, Row } from '@tributary/salesforce-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const hour = 60 * 60_000;
const deals: string[] = [];
const customers: string[] = [];
const regions: string[] = [];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function follow(row: Row | undefined, field: string, lookup: (id: string) => Row | undefined): Row | undefined {
  return row === undefined ? undefined : lookup(text(row[field]));
}

/** A formula by name, text and what it gives. */
function formula(name: string, definition: string | null, compute: NonNullable<FieldInput['formula']>['compute'], type: FieldInput['type'] = 'string'): FieldInput {
  return { name, type, formula: { text: definition, compute } };
}

const dealFormulas = [
  formula('Segment__c', 'TEXT(Customer__r.Segment__c)', (row, { lookup }) => follow(row, 'Customer__c', lookup)?.['Segment__c'] ?? null),
  formula('Region__c', 'Customer__r.Region__r.Title__c', (row, { lookup }) => follow(follow(row, 'Customer__c', lookup), 'Region__c', lookup)?.['Title__c'] ?? null),
  formula('Place__c', 'Customer__r.Place__c & "!"', (row, { lookup }) => `${text(follow(follow(row, 'Customer__c', lookup), 'Region__c', lookup)?.['Title__c'])}?!`),
  formula('Loud__c', 'UPPER(Title__c)', (row) => text(row['Title__c']).toUpperCase()),
];

function reference(name: string, to: string): FieldInput {
  return { name, type: 'reference', referenceTo: [to], relationshipName: name.replace(/__c$/, '__r') };
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty', now: new Date('2026-11-20T12:00:00Z') });
  const { org, clock } = ingest.simulator;
  const title: FieldInput = { name: 'Title__c', type: 'string' };
  org.addObject({ name: 'Area__c', fields: [title, { name: 'Note__c', type: 'string' }] });
  org.addObject({
    name: 'Customer__c', fields: [title, { name: 'Segment__c', type: 'picklist' }, reference('Region__c', 'Area__c'), formula('Place__c', 'Region__r.Title__c & "?"', (row, { lookup }) => `${text(follow(row, 'Region__c', lookup)?.['Title__c'])}?`),
      formula('Deals__c', null, (row, { rows }) => rows('Deal__c').filter((deal) => deal['Customer__c'] === row['Id'] && deal['IsDeleted'] !== true).length, 'int')],
  });
  org.addObject({ name: 'Deal__c', fields: [title, reference('Customer__c', 'Customer__c'), ...dealFormulas, formula('Age__c', 'TODAY() - DATEVALUE(CreatedDate)', (row, { now }) => Math.floor(now().getTime() / (24 * hour)) - Math.floor(Date.parse(text(row['CreatedDate'])) / (24 * hour)), 'int')] });
  for (const name of ['North', 'South']) regions.push(org.insert('Area__c', { Title__c: name, Note__c: 'n' }));
  for (const index of [0, 1, 2]) customers.push(org.insert('Customer__c', { Title__c: `Customer ${index}`, Segment__c: 'Small', Region__c: regions[index % 2] ?? '' }));
  for (let index = 0; index < 30; index += 1) deals.push(org.insert('Deal__c', { Title__c: `Deal ${index}`, Customer__c: customers[index % 3] ?? '' }));
  clock.advance(2 * hour);
  // So small that all deals are read by the Bulk API and all customers by REST.
  await ingest.startService({}, { restRows: 25, bulkPageRows: 8 });
  await ingest.firstRun();
  const { id } = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: ['Deal__c', 'Customer__c', 'Area__c'].map((name) => ({ name })) }) });
  expect(await ingest.finishedRun(id)).toMatchObject({ status: 'complete', reasons: [] });
});

afterAll(async () => {
  await ingest?.stop();
});

/** Readings of formulas of a run, by object. */
function readings(run: SyncRun): Record<string, unknown> {
  return Object.fromEntries(run.objects.flatMap(({ object, receipts }) => receipts.filter(({ scope }) => scope === 'formulas').map((receipt) => [object, receipt])));
}

async function nextRun(laterMs: number): Promise<SyncRun> {
  ingest.simulator.clock.advance(laterMs);
  return ingest.nextRun();
}

/** Values of formulas that differ between the source and the warehouse. */
async function stale(object: string, fields: readonly string[]): Promise<string[]> {
  const stored = await ingest.stored(object);
  return [...stored].flatMap(([id, row]) => fields.filter((field) => String(ingest.simulator.org.read(object, id, field)) !== String(row[field.toLowerCase()])).map((field) => `${id} ${field}`));
}

async function asOf(object: string, field: string): Promise<Date> {
  const [row] = await ingest.rows<{ as_of: Date }>(`select as_of from ${schema}.formula_column where object = $1 and field = $2`, [object, field]);
  return row?.as_of ?? new Date(0);
}

it('reads nothing for its own sake after a first load, and tells as of when each formula is right and how it is kept', async () => {
  const kept = await ingest.rows(`select object, field, upkeep, because, as_of is not null as told from ${schema}.formula_column where object in ('Customer__c', 'Deal__c') order by object, field`);
  expect(kept).toEqual([
    ['Customer__c', 'Deals__c', 'daily', 'Deals__c is a roll-up, or its formula is not shown to this user.'], ['Customer__c', 'Place__c', 'when a parent changes', null], ['Deal__c', 'Age__c', 'daily', 'Its value changes with time.'],
    ['Deal__c', 'Loud__c', 'with its row', null], ['Deal__c', 'Place__c', 'when a parent changes', null], ['Deal__c', 'Region__c', 'when a parent changes', null], ['Deal__c', 'Segment__c', 'when a parent changes', null],
  ].map(([object, field, upkeep, because]) => ({ object, field, upkeep, because, told: true })));
  expect(readings(await nextRun(hour))).toEqual({});
});

it('reads the formulas of exactly those rows again whose parent changed in a field that matters', async () => {
  const { org, log } = ingest.simulator;
  const before = await asOf('Deal__c', 'Segment__c');
  org.update('Customer__c', customers[0] ?? '', { Segment__c: 'Enterprise' });
  org.update('Customer__c', customers[1] ?? '', { Title__c: 'Another name' });
  expect(await stale('Deal__c', ['Segment__c'])).toHaveLength(10);
  log.clear();
  const run = await nextRun(hour);
  expect(run).toMatchObject({ status: 'complete', reasons: [] });
  expect(readings(run)).toEqual({ Deal__c: expect.objectContaining({ api: 'rest', parsed: 10, updated: 10, unchanged: 0, inserted: 0, complete: true, reason: 'Formula fields, because parents of these rows changed. 10 rows were asked for by their Ids.' }) as unknown });
  expect(await stale('Deal__c', ['Segment__c', 'Region__c', 'Place__c', 'Loud__c'])).toEqual([]);
  expect((await asOf('Deal__c', 'Segment__c')).getTime()).toBeGreaterThan(before.getTime());
  const asked = log.entries().map(({ query }) => new URLSearchParams(query).get('q') ?? '').filter((soql) => soql.includes('WHERE Id IN'));
  expect(asked.map((soql) => soql.replace(/\(.*\)/, '()'))).toEqual(['SELECT Id, IsDeleted, Segment__c, Region__c, Place__c, Loud__c, Age__c, SystemModstamp FROM Deal__c WHERE Id IN ()']);
  const kept = await ingest.rows(`select row->>'segment__c' as was from ${schema}.record_version where object = 'Deal__c'`);
  expect(kept).toEqual(Array.from({ length: 10 }, () => ({ was: 'Small' })));
  expect(readings(await nextRun(hour))).toEqual({});
});

it('follows a change over two parents and through the formula of a parent within one run', async () => {
  ingest.simulator.org.update('Area__c', regions[0] ?? '', { Title__c: 'Far North' });
  const run = await nextRun(hour);
  expect(readings(run)).toMatchObject({ Customer__c: { updated: 2 }, Deal__c: { updated: 20 } });
  expect(await stale('Customer__c', ['Place__c'])).toEqual([]);
  expect(await stale('Deal__c', ['Region__c', 'Place__c'])).toEqual([]);
});

it('notices that a parent is deleted or gone', async () => {
  const { org } = ingest.simulator;
  org.purge('Area__c', regions[1] ?? '');
  ingest.simulator.clock.advance(hour);
  expect(readings(await nextRun(0))).toMatchObject({ Customer__c: { updated: 1 }, Deal__c: { updated: 10 } });
  expect(await stale('Deal__c', ['Region__c', 'Place__c'])).toEqual([]);
});

it('says that formulas are not up to date when they could not be read, and reads them in the next run', async () => {
  const { org, faults } = ingest.simulator;
  const before = await asOf('Deal__c', 'Segment__c');
  org.update('Customer__c', customers[2] ?? '', { Segment__c: 'Public' });
  faults.add({ match: { path: /\/queryAll/, times: 1_000 }, answer: { tamper: (body) => (body.includes('"Segment__c"') && !body.includes('Title__c') ? body.replace('"totalSize":', '"totalSize":9') : body) } });
  const run = await nextRun(hour);
  expect(run).toMatchObject({ status: 'partial', reasons: [{ object: 'Deal__c', code: 'FORMULAS_NOT_READ', text: expect.stringMatching(/not up to date: .* The next run reads it again\.$/) as string }] });
  faults.clear();
  expect(await asOf('Deal__c', 'Segment__c')).toEqual(before);
  expect(await stale('Deal__c', ['Segment__c'])).toHaveLength(10);
  expect(readings(await nextRun(hour))).toMatchObject({ Deal__c: { updated: 10 } });
  expect(await stale('Deal__c', ['Segment__c'])).toEqual([]);
});

it('reads formulas that change with time, and those of which nobody can tell, once a day', async () => {
  const since = await asOf('Deal__c', 'Age__c');
  ingest.simulator.clock.set(new Date(since.getTime() + 24 * hour - 60_000));
  expect(readings(await ingest.nextRun())).toEqual({});
  expect(await stale('Deal__c', ['Age__c'])).toHaveLength(30);
  expect(await asOf('Deal__c', 'Age__c')).toEqual(since);
  ingest.simulator.org.insert('Deal__c', { Title__c: 'One more', Customer__c: customers[0] ?? '' });
  const run = await nextRun(2 * 60_000);
  expect(readings(run)).toMatchObject({
    Deal__c: { api: 'bulk', sourceCount: 31, jobCount: 31, parsed: 31, updated: 30, unchanged: 1, complete: true, reason: expect.stringContaining('Age__c is read daily: Its value changes with time.') as string }, Customer__c: { api: 'rest', parsed: 3, updated: 1, unchanged: 2, complete: true },
  });
  expect(await stale('Deal__c', ['Age__c', 'Segment__c'])).toEqual([]);
  expect(await stale('Customer__c', ['Deals__c'])).toEqual([]);
  expect((await asOf('Deal__c', 'Age__c')).getTime()).toBeGreaterThan(since.getTime());
});

it('reads all rows of a formula again whose definition changed, without a window of the rows', async () => {
  const { org } = ingest.simulator;
  org.addField('Deal__c', formula('Loud__c', 'LOWER(Title__c)', (row) => text(row['Title__c']).toLowerCase()));
  const run = await nextRun(hour);
  // The newest row has not settled, and came with its window once more.
  expect(readings(run)).toMatchObject({ Deal__c: { parsed: 31, updated: 30, complete: true } });
  expect(await stale('Deal__c', ['Loud__c'])).toEqual([]);
  expect(readings(await nextRun(hour))).toEqual({});
});

it('finds an export of formulas again whose answer was lost, rather than ask for a second one', async () => {
  const { faults, log } = ingest.simulator;
  faults.add({ match: { path: /\/jobs\/query$/, method: 'POST', nth: 1 }, answer: 'lose-response' });
  log.clear();
  expect(readings(await nextRun(25 * hour))).toMatchObject({ Deal__c: { api: 'bulk', parsed: 31, complete: true } });
  faults.clear();
  expect(log.entries().filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query'))).toHaveLength(1);
  expect(await stale('Deal__c', ['Age__c'])).toEqual([]);
});

it('follows a change through the formulas of a tree to its end within one run, and tells of it', async () => {
  const { org, clock } = ingest.simulator;
  const above = (row: Row | undefined, lookup: (id: string) => Row | undefined): Row | undefined => follow(row, 'Over__c', lookup);
  org.addObject({
    name: 'Unit__c', fields: [{ name: 'Title__c', type: 'string' }, reference('Over__c', 'Unit__c'), formula('Over1__c', 'Over__r.Title__c', (row, { lookup }) => above(row, lookup)?.['Title__c'] ?? null),
      formula('Over2__c', 'Over__r.Over1__c', (row, { lookup }) => above(above(row, lookup), lookup)?.['Title__c'] ?? null), formula('Over3__c', 'Over__r.Over2__c', (row, { lookup }) => above(above(above(row, lookup), lookup), lookup)?.['Title__c'] ?? null)],
  });
  const units: string[] = [];
  for (let depth = 0; depth < 6; depth += 1) units.push(org.insert('Unit__c', { Title__c: `Unit ${depth}`, Over__c: units.at(-1) ?? null }));
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: ['Deal__c', 'Customer__c', 'Area__c', 'Unit__c'].map((name) => ({ name })) }) });
  await ingest.finishedRun(before.id);
  await nextRun(hour);
  org.update('Unit__c', units[0] ?? '', { Title__c: 'Another top' });
  clock.advance(hour);
  const startedMs = clock.now().getTime();
  expect(await nextRun(0)).toMatchObject({ status: 'complete', reasons: [] });
  expect(await stale('Unit__c', ['Over1__c', 'Over2__c', 'Over3__c'])).toEqual([]);
  for (const field of ['Over1__c', 'Over2__c', 'Over3__c']) expect((await asOf('Unit__c', field)).getTime()).toBeGreaterThanOrEqual(startedMs - 1_000);
  expect(readings(await nextRun(hour))).toEqual({});
});

it('follows no parent that is not copied any more: such formulas are read daily', async () => {
  const { id } = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Deal__c' }, { name: 'Customer__c' }] }) });
  await ingest.finishedRun(id);
  await nextRun(25 * hour);
  const kept = await ingest.rows(`select field, upkeep, because from ${schema}.formula_column where object = 'Deal__c' and field in ('Region__c', 'Segment__c') order by field`);
  expect(kept).toEqual([{ field: 'Region__c', upkeep: 'daily', because: 'Area__c has not been read for a day.' }, { field: 'Segment__c', upkeep: 'when a parent changes', because: null }]);
});

it('tells in the catalogue how a formula is kept, of what it is made and as of when it is right', async () => {
  const { objects: [deal] } = await ingest.ask(getCatalogue, { connectionId, object: 'Deal__c' });
  const at = (await asOf('Deal__c', 'Segment__c')).toISOString();
  expect(deal?.fields?.find(({ name }) => name === 'Segment__c')).toMatchObject({ formula: true, calculated: { upkeep: 'when a parent changes', because: null, refersTo: ['Customer__r.Segment__c'], asOf: at } });
  expect(deal?.fields?.find(({ name }) => name === 'Title__c')?.calculated).toBeUndefined();
});

it('brings the warehouse of an older version up to date and reads its formulas once', async () => {
  await ingest.rows(`drop table ${schema}.formula_column`);
  await ingest.rows(`alter table ${schema}.sync_object drop column read_whole_at`);
  await ingest.rows(`alter table ${schema}.receipt drop column scope`);
  await ingest.rows(`alter table ${schema}.field_catalogue drop column reference_to, drop column relationship_name`);
  await ingest.rows('delete from ingest.formula_watch');
  await ingest.rows('update ingest.object_describe set checked = false, whole = true, fitted = null');
  await ingest.rows(`update ${schema}.deal__c set segment__c = 'of an older version'`);
  expect(readings(await nextRun(hour))).toMatchObject({ Deal__c: { parsed: 31, updated: 31 } });
  expect(await stale('Deal__c', ['Segment__c', 'Age__c', 'Place__c'])).toEqual([]);
  expect(readings(await nextRun(hour))).toEqual({});
});

it('notices that the recycle bin with a parent was emptied, and then asks no more', async () => {
  const { org } = ingest.simulator;
  const binned = customers[1] ?? '';
  const segments = () => ingest.rows<{ segment: string | null }>(`select distinct segment__c as segment from ${schema}.deal__c where customer__c = $1`, [binned]);
  org.delete('Customer__c', binned);
  await nextRun(hour);
  expect(readings(await nextRun(hour))).toMatchObject({ Deal__c: { parsed: 10, updated: 0 } });
  const [{ segment } = { segment: null }] = await segments();
  expect(segment).not.toBeNull();
  org.purge('Customer__c', binned);
  expect(readings(await nextRun(hour))).toMatchObject({ Deal__c: { updated: 10, complete: true } });
  expect(await segments()).toEqual([{ segment: null }]);
  expect(readings(await nextRun(hour))).toEqual({});
});

it('counts the daily readings of formulas in the forecast', async () => {
  const callsPerDay = async () => (await ingest.ask(getSyncSettings, { connectionId })).forecast.callsPerDay;
  const before = await callsPerDay();
  await ingest.rows(`update ${schema}.formula_column set upkeep = 'with its row' where object = 'Deal__c'`);
  // Six calls of an export job, and a page for each eight of 31 rows.
  expect(before - (await callsPerDay())).toBe(10);
});

it('knows once an object is copied what became of its rows and formulas before, of which those that point to it are made', async () => {
  const { org } = ingest.simulator;
  const title: FieldInput = { name: 'Title__c', type: 'string' };
  const titleOf = (row: Row | undefined): FieldValue => row?.['Title__c'] ?? null;
  org.addObject({ name: 'Top__c', fields: [title] });
  org.addObject({ name: 'Middle__c', fields: [title, reference('Top__c', 'Top__c'), formula('Top_Title__c', 'Top__r.Title__c', (row, { lookup }) => titleOf(follow(row, 'Top__c', lookup)))] });
  org.addObject({ name: 'Low__c', fields: [reference('Middle__c', 'Middle__c'), formula('Middle_Title__c', 'Middle__r.Title__c', (row, { lookup }) => titleOf(follow(row, 'Middle__c', lookup)))] });
  org.addObject({ name: 'Lower__c', fields: [reference('Middle__c', 'Middle__c'), formula('Top_Title__c', 'Middle__r.Top_Title__c', (row, { lookup }) => titleOf(follow(follow(row, 'Middle__c', lookup), 'Top__c', lookup)))] });
  const top = org.insert('Top__c', { Title__c: 'Top' });
  const middles = ['One', 'Two'].map((name) => org.insert('Middle__c', { Title__c: name, Top__c: top }));
  for (const middle of middles) for (const name of ['Low__c', 'Lower__c']) org.insert(name, { Middle__c: middle });
  const choose = async (...names: string[]): Promise<SyncRun> => {
    const { id } = await ingest.finishedRun();
    await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: names.map((name) => ({ name })) }) });
    return ingest.finishedRun(id);
  };
  await choose('Top__c', 'Low__c', 'Lower__c');
  await nextRun(25 * hour);
  org.purge('Middle__c', middles[0] ?? '');
  ingest.simulator.clock.advance(hour);
  org.update('Top__c', top, { Title__c: 'Another top' });
  ingest.simulator.clock.advance(hour);
  const run = await choose('Top__c', 'Middle__c', 'Low__c', 'Lower__c');
  expect(run).toMatchObject({ status: 'complete', reasons: [] });
  expect(readings(run)).toMatchObject({ Low__c: { parsed: 1, updated: 1 }, Lower__c: { parsed: 2, updated: 2, reason: expect.stringContaining('Middle__c is followed from now on.') as string } });
  expect([await stale('Low__c', ['Middle_Title__c']), await stale('Lower__c', ['Top_Title__c'])]).toEqual([[], []]);
  expect(readings(await nextRun(hour))).toEqual({});
});
