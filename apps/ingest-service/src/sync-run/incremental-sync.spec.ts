import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCatalogue, putSelection, type SyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService();
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

/** The receipt of the only window of an object in a run. */
function receiptOf(run: SyncRun, object: string) {
  const receipts = run.objects.find((candidate) => candidate.object === object)?.receipts ?? [];
  expect(receipts).toHaveLength(1);
  return receipts[0];
}

async function versions(object: string): Promise<Map<string, string>> {
  const rows = await ingest.rows<{ id: string; version: string }>(`select id, _version::text as version from ${schema}.${object} order by id`);
  return new Map(rows.map(({ id, version }) => [id, version]));
}

async function someIds(object: string, count: number): Promise<string[]> {
  return ingest.simulator.org.rows(object).filter((row) => row['IsDeleted'] !== true).slice(0, count).map((row) => String(row['Id']));
}

it('reads what was inserted, updated and deleted, and gives unchanged rows no new version', async () => {
  const { org } = ingest.simulator;
  const before = await versions('account');
  const [updated, deleted] = await someIds('Account', 2);
  org.update('Account', updated ?? '', { Name: 'Quote " and,\ncomma' });
  org.delete('Account', deleted ?? '');
  const inserted = org.insert('Account', { Name: 'Tab\tand\\backslash' });
  const run = await ingest.nextRun();
  expect(run).toMatchObject({ status: 'complete', kind: 'incremental', reasons: [] });
  expect(receiptOf(run, 'Account')).toMatchObject({ complete: true, inserted: 1, updated: 2, tombstones: 1 });
  expect(await ingest.differences('Account')).toEqual([]);
  const after = await versions('account');
  const changed = [...after].filter(([id, version]) => before.get(id) !== version).map(([id]) => id).sort();
  expect(changed).toEqual([inserted, updated, deleted].sort());
  expect(new Set(changed.map((id) => after.get(id))).size).toBe(1);
  const gone = await ingest.rows<{ deleted: boolean }>(`select _deleted as deleted from ${schema}.account where id = $1`, [deleted]);
  expect(gone).toEqual([{ deleted: true }]);
});

it('keeps what a changed row was before', async () => {
  const [id] = await someIds('Opportunity', 1);
  const [before] = await ingest.rows<{ name: string; version: string }>(`select name, _version::text as version from ${schema}.opportunity where id = $1`, [id]);
  ingest.simulator.org.update('Opportunity', id ?? '', { Name: 'Renamed' });
  await ingest.nextRun();
  const kept = await ingest.rows<{ name: string; version: string }>(`select row->>'name' as name, version::text from ${schema}.record_version where object = 'Opportunity' and id = $1`, [id]);
  expect(kept).toEqual([before]);
});

it('takes an undeleted row back', async () => {
  const [id] = await someIds('Contact', 1);
  ingest.simulator.org.delete('Contact', id ?? '');
  expect(receiptOf(await ingest.nextRun(), 'Contact')).toMatchObject({ tombstones: 1 });
  ingest.simulator.org.undelete('Contact', id ?? '');
  await ingest.nextRun();
  expect(await ingest.rows(`select _deleted as deleted from ${schema}.contact where id = $1`, [id])).toEqual([{ deleted: false }]);
  const [counts] = await ingest.rows<{ kept: string; tombstones: string }>(`select tombstones::text as kept, (select count(*)::text from ${schema}.contact where _deleted) as tombstones from ${schema}.sync_object where object = 'Contact'`);
  expect(counts?.kept).toBe(counts?.tombstones);
});

it('catches a change that was committed late, after the window of its stamp was read', async () => {
  const { org, settings, clock } = ingest.simulator;
  settings.commitDelayMs = 8 * 60_000;
  const [id] = await someIds('Lead', 1);
  org.update('Lead', id ?? '', { LastName: 'Late' });
  settings.commitDelayMs = 0;
  clock.advance(5_000);
  await ingest.nextRun();
  expect(await ingest.rows(`select lastname from ${schema}.lead where id = $1`, [id])).not.toEqual([{ lastname: 'Late' }]);
  clock.advance(9 * 60_000);
  await ingest.nextRun();
  expect(await ingest.rows(`select lastname from ${schema}.lead where id = $1`, [id])).toEqual([{ lastname: 'Late' }]);
});

it('publishes one committed window per object and run, with rising versions', async () => {
  const events = await ingest.rows<{ object: string; from: string; to: string; rows: string }>(
    `select payload->'data'->>'object' as object, payload->'data'->>'fromVersion' as "from", payload->'data'->>'toVersion' as "to", payload->'data'->>'rows' as rows
       from ingest.outbox where payload->>'type' = 'ingest.window.committed' order by id`);
  const lead = events.filter(({ object }) => object === 'Lead');
  expect(lead[0]).toMatchObject({ from: '0', to: '1' });
  for (const [index, { from, to, rows }] of lead.entries()) {
    if (index > 0) expect(from).toBe(lead[index - 1]?.to);
    expect(Number(to) - Number(from)).toBe(rows === '0' ? 0 : 1);
  }
  await until('every event published', async () => (await ingest.rows(`select 1 from ingest.outbox where published_at is null`)).length === 0);
});

it('adds a column for a new field with the values of unchanged rows, and keeps the column of a removed one', async () => {
  const { org } = ingest.simulator;
  org.addField('Case', { name: 'Weight__c', type: 'double' });
  const run = await ingest.nextRun();
  expect(receiptOf(run, 'Case')).toMatchObject({ windowFrom: null, complete: true });
  expect(await ingest.rows(`select column_type from ${schema}.field_catalogue where object = 'Case' and field = 'Weight__c' and seen_until is null`)).toEqual([{ column_type: 'numeric' }]);
  org.removeField('Case', 'Weight__c');
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.rows(`select seen_until is not null as closed, ended_by from ${schema}.field_catalogue where object = 'Case' and field = 'Weight__c'`)).toEqual([{ closed: true, ended_by: 'removed' }]);
  await ingest.rows(`select weight__c from ${schema}.case limit 1`);
  expect(await schemaChanges()).toEqual([{ added: ['Weight__c'] }, { removed: ['Weight__c'] }]);
});

/** What was told of changed fields, lists that are empty left out. */
async function schemaChanges(): Promise<unknown[]> {
  const events = await ingest.rows<{ data: Record<string, unknown> }>(`select payload->'data' as data from ingest.outbox where payload->>'type' = 'ingest.schema.changed' order by id`);
  return events.map(({ data: { connectionId: _id, object: _object, ...lists } }) => Object.fromEntries(Object.entries(lists).filter(([, list]) => Array.isArray(list) && list.length > 0)));
}

describe('fields that change', () => {
  const caseField = async (field: string) => (await ingest.ask(getCatalogue, { connectionId, object: 'Case' })).objects[0]?.fields?.find(({ name }) => name === field);
  const cases = (columns: string) => ingest.rows<Record<string, unknown>>(`select ${columns} from ${schema}.case where not _deleted order by id`);
  let told = 0;
  /** The events since the last look. */
  async function news(): Promise<unknown[]> {
    const all = await schemaChanges();
    return all.slice(told, (told = all.length));
  }
  let ids: string[];

  beforeAll(async () => {
    const { org } = ingest.simulator;
    ids = org.rows('Case').map((row) => String(row['Id'])).toSorted();
    org.addField('Case', { name: 'Region__c', type: 'string' });
    org.addField('Case', { name: 'Tier__c', type: 'picklist', picklist: ['Gold', 'Silver'] });
    for (const [index, id] of ids.entries()) org.update('Case', id, { Region__c: `Region ${index}`, Tier__c: 'Gold' });
    await ingest.nextRun();
    await news();
  });

  it('are kept with their values and told from removed ones when field-level security hides them', async () => {
    const { org, settings } = ingest.simulator;
    settings.hiddenFields = [{ object: 'Case', field: 'Region__c' }];
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await news()).toEqual([{ hidden: ['Region__c'] }]);
    expect(await caseField('Region__c')).toMatchObject({ flags: ['gone'], excludedBecause: expect.stringContaining('Hidden from this user by field-level security') as string });
    expect((await cases('region__c'))[1]).toEqual({ region__c: 'Region 1' });
    org.update('Case', ids[1] ?? '', { Region__c: 'Elsewhere' });
    settings.hiddenFields = [];
    await ingest.nextRun();
    expect(await news()).toEqual([{ added: ['Region__c'] }]);
    expect((await cases('region__c')).slice(0, 3)).toEqual([{ region__c: 'Region 0' }, { region__c: 'Elsewhere' }, { region__c: 'Region 2' }]);
  });

  it('are called hidden as soon as the setup tells of them, also before the next run', async () => {
    const { settings } = ingest.simulator;
    Object.assign(settings, { hiddenFields: [{ object: 'Case', field: 'Tier__c' }], setupSight: 'refused' });
    await ingest.nextRun();
    expect(await news()).toEqual([{ vanished: ['Tier__c'] }]);
    expect(await caseField('Tier__c')).toMatchObject({ flags: ['gone'], excludedBecause: expect.stringContaining('does not tell this user which') as string });
    settings.setupSight = 'all';
    expect(await caseField('Tier__c')).toMatchObject({ flags: ['gone'], excludedBecause: expect.stringContaining('Hidden from this user by field-level security') as string });
    settings.hiddenFields = [];
    await ingest.nextRun();
    await news();
  });

  it('are called removed once the org shows that they are, and until then gone for an unknown reason', async () => {
    const { org, settings } = ingest.simulator;
    org.addField('Case', { name: 'Passing__c', type: 'string' });
    await ingest.nextRun();
    await news();
    settings.setupSight = 'refused';
    org.removeField('Case', 'Passing__c');
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await news()).toEqual([{ vanished: ['Passing__c'] }]);
    expect(await caseField('Passing__c')).toMatchObject({ excludedBecause: expect.stringContaining('does not tell this user which') as string });
    settings.setupSight = 'all';
    org.addField('Case', { name: 'Other__c', type: 'string' });
    await ingest.nextRun();
    expect(await news()).toEqual([{ added: ['Other__c'], removed: ['Passing__c'] }]);
    expect(await caseField('Passing__c')).toMatchObject({ excludedBecause: expect.stringContaining('Removed from the org') as string });
  });

  it('are copied on under a new name, with all their values, also when they were chosen by name', async () => {
    await ingest.ask(putSelection, { connectionId, selection: { objects: [{ name: 'Case', fields: ['Subject', 'Region__c', 'Tier__c'] }] } });
    await ingest.nextRun();
    await news();
    ingest.simulator.org.renameField('Case', 'Region__c', 'Area__c');
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await news()).toEqual([{ renamed: [{ from: 'Region__c', to: 'Area__c' }] }]);
    expect((await cases('region__c, area__c'))[0]).toEqual({ region__c: 'Region 0', area__c: 'Region 0' });
    expect(await caseField('Area__c')).toMatchObject({ selected: true });
    expect(await caseField('Region__c')).toMatchObject({ excludedBecause: expect.stringContaining('Renamed to Area__c') as string });
  });

  it('tell values a picklist offers anew, with the history of what it offered', async () => {
    ingest.simulator.org.setPicklist('Case', 'Tier__c', ['Gold', 'Iron', 'Silver']);
    await ingest.nextRun();
    expect(await news()).toEqual([{ picklists: [{ field: 'Tier__c', added: ['Iron'], removed: [] }] }]);
    expect(await ingest.rows(`select picklist_values as offered, ended_by from ${schema}.field_catalogue where object = 'Case' and field = 'Tier__c' and column_name is not null order by seen_from desc limit 2`))
      .toEqual([{ offered: ['Gold', 'Iron', 'Silver'], ended_by: null }, { offered: ['Gold', 'Silver'], ended_by: 'changed' }]);
  });

  it('are told when they have another type, with the history of the one before', async () => {
    ingest.simulator.org.addField('Case', { name: 'Area__c', type: 'textarea' });
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await news()).toEqual([{ retyped: [{ field: 'Area__c', from: 'string', to: 'textarea' }] }]);
    expect(await ingest.rows(`select type, ended_by from ${schema}.field_catalogue where object = 'Case' and field = 'Area__c' and column_name is not null order by seen_from`))
      .toEqual([{ type: 'string', ended_by: 'changed' }, { type: 'textarea', ended_by: null }]);
  });

  it('lose the values of the field that had their name before', async () => {
    const { org } = ingest.simulator;
    org.removeField('Case', 'Tier__c');
    org.addField('Case', { name: 'Tier__c', type: 'picklist', picklist: ['Gold', 'Iron', 'Silver'] });
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await news()).toEqual([{ added: ['Tier__c'], removed: ['Tier__c'] }]);
    expect(new Set((await cases('tier__c')).map((row) => row['tier__c']))).toEqual(new Set([null]));
  });
});
