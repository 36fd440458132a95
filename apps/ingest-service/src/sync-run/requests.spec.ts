import { connectionSyncs, getCatalogue, getSyncRun, listSyncRuns, LiveMessage, putSelection, Selection, startSyncRun } from '@tributary/api-contracts';
import { ConnectionId, liveSubject, SyncRunId } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const live: LiveMessage[] = [];

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  ingest.bus.subscribe(liveSubject('*'), { callback: (_error, message) => void live.push(LiveMessage.parse(message.json())) });
  await ingest.startService({ TRIBUTARY_SYNC_INTERVAL_SECONDS: '3600' });
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

async function sync() {
  return (await ingest.ask(connectionSyncs, { connectionIds: [connectionId, ConnectionId.parse('0199aa00-0000-7000-8000-00000000ffff')] })).syncs;
}

it('tells live how far each object is, and when the run has ended', () => {
  const progress = live.filter((message) => message.type === 'sync.progress');
  expect(progress.length).toBeGreaterThan(0);
  expect(progress.at(-1)?.objects.every(({ status }) => status === 'complete')).toBe(true);
  expect(live.at(-1)).toMatchObject({ type: 'sync.finished', connectionId, outcome: 'complete' });
});

it('answers the sync state of known connections with usage and the time of the next run', async () => {
  const syncs = await sync();
  expect(Object.keys(syncs)).toEqual([connectionId]);
  expect(syncs[connectionId]).toMatchObject({ warehouseSchema: schema, orgName: expect.any(String) as string, openRun: null, lastRun: { status: 'complete', kind: 'first' }, intervalSeconds: 3_600, apiUsage: { limit: 1_000_000, ceiling: 800_000 } });
  expect(new Date(syncs[connectionId]?.nextSyncAt ?? 0).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
});

it('opens one run at a time', async () => {
  ingest.simulator.faults.add({ match: { path: /\/sobjects$/ }, answer: { delayMs: 300 } });
  const [first, second] = await Promise.all([ingest.ask(startSyncRun, { connectionId }), ingest.ask(startSyncRun, { connectionId })]);
  expect([first.alreadyOpen, second.alreadyOpen].sort()).toEqual([false, true]);
  expect(first.run.id).toBe(second.run.id);
  expect(await ingest.ask(getSyncRun, { connectionId, runId: SyncRunId.parse(first.run.id) })).toMatchObject({ status: 'running' });
  ingest.simulator.faults.clear();
  await until('the end', async () => (await ingest.ask(getSyncRun, { connectionId, runId: SyncRunId.parse(first.run.id) })).status === 'complete');
  expect((await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs).toHaveLength(2);
});

it('opens a run by itself when it is due', async () => {
  const { runs: before } = await ingest.ask(listSyncRuns, { connectionId, limit: 50 });
  await ingest.rows('update ingest.connection set next_sync_at = now()');
  await until('another run', async () => (await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs.length === before.length + 1);
  await ingest.finishedRun(before[0]?.id);
});

it('lists the objects of the org with counts, and the fields of one on demand', async () => {
  const all = await ingest.ask(getCatalogue, { connectionId });
  const opportunity = all.objects.find(({ name }) => name === 'Opportunity');
  expect(opportunity).toMatchObject({ selected: true, table: 'opportunity', fields: null, sourceRows: ingest.simulator.org.count('Opportunity'), storedRows: ingest.simulator.org.count('Opportunity') });
  const { objects: [account] } = await ingest.ask(getCatalogue, { connectionId, object: 'account' });
  expect(account?.fields).toEqual(expect.arrayContaining([
    expect.objectContaining({ name: 'AnnualRevenue', type: 'currency', columnType: 'numeric', selected: true }),
    expect.objectContaining({ name: 'BillingAddress', columnType: null, selected: false, excludedBecause: expect.any(String) as string }),
  ]));
  await expect(ingest.ask(getCatalogue, { connectionId, object: 'Nonsense' })).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN' });
});

it('lists fields that are hidden from this user as such, where the setup tells of them', async () => {
  const { org, settings } = ingest.simulator;
  org.addObject({ name: 'Quote__c', fields: [{ name: 'Margin__c', type: 'currency' }, { name: 'Rating', type: 'string' }], rows: 1 });
  const hidden = async () => {
    const fields = (await ingest.ask(getCatalogue, { connectionId, object: 'Quote__c' })).objects[0]?.fields ?? [];
    expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['Id', 'SystemModstamp']));
    return fields.filter(({ flags }) => flags?.includes('hidden'));
  };
  // The list of objects is that of the last run.
  await ingest.nextRun();
  expect(await hidden()).toEqual([]);
  settings.hiddenFields = [{ object: 'Quote__c', field: 'Margin__c' }, { object: 'Quote__c', field: 'Rating' }];
  expect(await hidden()).toMatchObject([
    { name: 'Margin__c', label: 'Margin__c', type: '', custom: true, columnType: null, selected: false, excludedBecause: expect.stringMatching(/^Hidden from this user by field-level security/) as string },
    { name: 'Rating', custom: false, columnType: null, selected: false, excludedBecause: expect.stringMatching(/hidden by permissions, .* or not offered/) as string },
  ]);
  for (settings.setupSight of ['visible', 'refused'] as const) expect(await hidden()).toEqual([]);
  Object.assign(settings, { hiddenFields: [], setupSight: 'all' });
});

it('copies only chosen fields, and those by which changes are found', async () => {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Product2', fields: ['Name'] }] }) });
  await ingest.finishedRun(before.id);
  const fields = await ingest.rows<{ field: string }>(`select field from ${schema}.field_catalogue where object = 'Product2' and seen_until is null and column_name is not null order by field`);
  expect(fields.map(({ field }) => field)).toEqual(['CreatedDate', 'Id', 'IsDeleted', 'LastModifiedDate', 'Name', 'SystemModstamp']);
});

it('tombstones by absence what an object without any stamp no longer has', async () => {
  const { org, settings } = ingest.simulator;
  org.addObject({ name: 'Flat__c', fields: [], rows: 5 });
  settings.hiddenFields = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'].map((field) => ({ object: 'Flat__c', field }));
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Flat__c' }] }) });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
  const id = String(org.rows('Flat__c')[2]?.['Id']);
  org.purge('Flat__c', id);
  // By three rows at a time: an object without a stamp is read by one query and its locators.
  settings.queryPageRows = 3;
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ receipts: [{ pages: 2, parsed: 4, unchanged: 4, tombstones: 1, updated: 1 }] }] });
  settings.queryPageRows = 2_000;
  expect(await ingest.rows(`select id from ${schema}.flat__c where _deleted`)).toEqual([{ id }]);
});

it('describes again when a field vanished under the query, and goes on', async () => {
  const phantom = (body: string): string => body.replace('"fields":[', '"fields":[{"name":"Phantom__c","label":"Phantom","type":"string"},');
  ingest.simulator.faults.add({ match: { path: /Flat__c\/describe$/, nth: 1 }, answer: { tamper: phantom } });
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  ingest.simulator.faults.clear();
});

it('keeps the rows of a disconnected connection frozen, and takes it back after a new consent', async () => {
  ingest.auth.publishErased(connectionId, 'keep');
  await until('frozen', async () => (await ingest.rows(`select 1 from ingest.connection where state = 'frozen'`)).length > 0);
  await expect(ingest.ask(startSyncRun, { connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_READY' });
  expect((await ingest.rows(`select 1 from ${schema}.account limit 1`))).toHaveLength(1);
  const { runs: [last] } = await ingest.ask(listSyncRuns, { connectionId, limit: 1 });
  ingest.auth.publishAuthorized(connectionId);
  ingest.auth.publishTokenReady(connectionId);
  expect(await ingest.finishedRun(last?.id)).toMatchObject({ status: 'complete' });
});

/** Tables of the service with rows that hold a text, but for those of the bus: events are facts, and forgotten after eight days. */
async function holding(text: string): Promise<string[]> {
  const tables = await ingest.rows<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'ingest' and tablename not in ('outbox', 'inbox') order by 1`);
  const found = await Promise.all(tables.map(async ({ name }) => ({ name, rows: await ingest.rows(`select from ingest.${name} t where t::text like '%' || $1 || '%' limit 1`, [text]) })));
  return found.filter(({ rows }) => rows.length > 0).map(({ name }) => name);
}

it('erases everything of a connection', async () => {
  // What not every org has, and what is held only while an export is being made.
  await ingest.rows(`insert into ingest.cursor_choice (connection_id, object, choice) values ($1, 'Opportunity', '{}') on conflict do nothing`, [connectionId]);
  await ingest.rows(`insert into ingest.formula_watch (connection_id, object, seen) values ($1, 'Opportunity', '{}') on conflict do nothing`, [connectionId]);
  await ingest.rows(`insert into ingest.call_slot (org, kind, slot, holder, until) values ('org', 'export', 1, $1, now() + interval '1 min')`, [`${connectionId} Opportunity`]);
  await ingest.rows(`insert into ingest.call_slot_wait (org, kind, holder, until) values ('org', 'export', $1, now() + interval '1 min')`, [`${connectionId} Opportunity`]);
  expect(await holding('Opportunity')).toEqual(expect.arrayContaining(['call_slot', 'call_slot_wait', 'connection', 'cursor_choice', 'formula_watch', 'object_describe', 'salesforce_call', 'sync_run_object']));
  ingest.auth.publishErased(connectionId, 'erase');
  await until('erased', async () => (await ingest.rows(`select 1 from pg_namespace where nspname = $1`, [schema])).length === 0);
  expect(await holding('Opportunity')).toEqual([]);
  // The id alone stays, so that a late event does not bring it back; the export that Salesforce may still be making counts on, as nobody's.
  expect(await holding(connectionId)).toEqual(['connection']);
  expect(await ingest.rows(`select slot, holder from ingest.call_slot where kind = 'export'`)).toEqual([{ slot: 1, holder: 'erased' }]);
  expect(await sync()).toEqual({});
  expect(await ingest.rows(`select payload->'data' as data from ingest.outbox where payload->>'type' = 'ingest.copy.closed' order by id`)).toEqual([
    { data: { connectionId, data: 'keep' } }, { data: { connectionId, data: 'erase' } },
  ]);
  ingest.auth.epoch += 1;
  ingest.auth.publishTokenReady(connectionId);
  await until('the late token handled', async () => Number((await ingest.rows<{ n: string }>('select count(*) as n from ingest.inbox'))[0]?.n) >= 6);
  expect(await ingest.rows('select 1 from ingest.sync_run')).toEqual([]);
});

it('confirms also when asked again, and for a connection it never heard of', async () => {
  const unknown = ConnectionId.parse('0199aa00-0000-7000-8000-0000000000ff');
  ingest.auth.publishErased(connectionId, 'erase');
  ingest.auth.publishErased(unknown, 'erase');
  const confirmed = async (id: string) => (await ingest.rows(`select 1 from ingest.outbox where payload->>'type' = 'ingest.copy.closed' and aggregate = $1 and payload->'data'->>'data' = 'erase'`, [id])).length;
  await until('both are confirmed', async () => (await confirmed(connectionId)) === 2 && (await confirmed(unknown)) === 1);
});

it('forgets what an earlier version kept of an erased connection', async () => {
  await ingest.stopService();
  await ingest.rows(`insert into ingest.cursor_choice (connection_id, object, choice) values ($1, 'Opportunity', '{}')`, [connectionId]);
  await ingest.rows(`insert into ingest.formula_watch (connection_id, object, seen) values ($1, 'Opportunity', '{}')`, [connectionId]);
  await ingest.rows(`delete from ingest.migration where name like '0037%'`);
  await ingest.startService();
  expect(await holding('Opportunity')).toEqual([]);
});
