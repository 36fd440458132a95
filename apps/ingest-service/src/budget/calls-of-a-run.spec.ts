import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionSyncs, decideNewFields, estimateSelection, getCatalogue, getSyncSettings, listSalesforceCalls, listSyncRuns, putSyncSettings, startSyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { callsOfObject } from './budget.ts';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService({ TRIBUTARY_SYNC_INTERVAL_SECONDS: '300' });
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

/** Lets the schedule open a run, as many seconds after the last one as given, and waits for its end. */
async function scheduledRun(secondsLater: number): Promise<string> {
  const { id: before } = await ingest.finishedRun();
  ingest.simulator.clock.advance(secondsLater * 1_000);
  await ingest.rows(`update ingest.object_turn set read_at = read_at - $1 * interval '1 s'`, [secondsLater]);
  await ingest.rows('update ingest.connection set next_sync_at = now()');
  return (await ingest.finishedRun(before)).id;
}

async function callsOf(runId: string) {
  return (await ingest.ask(listSalesforceCalls, { connectionId, limit: 500 })).calls.filter((call) => call.runId === runId);
}

/** Calls of the org's day, as the last answer told. */
async function callsUsed(): Promise<number> {
  return (await ingest.ask(listSalesforceCalls, { connectionId, limit: 1 })).calls[0]?.apiUsed ?? 0;
}

/** How many calls were made for what. */
function tally(calls: Awaited<ReturnType<typeof callsOf>>): Record<string, number> {
  return Object.fromEntries(Object.entries(Object.groupBy(calls, ({ purpose }) => purpose)).map(([purpose, list]) => [purpose, list.length]));
}

/** A field of Account as the list of fields shows it. */
async function shownField(field: string) {
  return (await ingest.ask(getCatalogue, { connectionId, object: 'Account' })).objects[0]?.fields?.find(({ name }) => name === field);
}

const quiet = ['Opportunity', 'OpportunityHistory', 'OpportunityFieldHistory', 'Account', 'OpportunityLineItem', 'Product2', 'Lead', 'Contact', 'Task', 'Case', 'Campaign', 'CampaignMember', 'User'];

it('describes and counts each object once in a first run', async () => {
  // Once in the life of a copy a query of each object probes its cursor field.
  expect(tally(await callsOf((await ingest.finishedRun()).id))).toEqual({ versions: 1, objects: 1, limits: 1, 'record-counts': 1, describe: 17, setup: 2, count: 17, query: 34 });
  expect(callsOfObject(false) * 17).toBe(17 + 17 + 34);
});

it('spends on a quiet update one look at the schema and one count for each object that is due', async () => {
  await scheduledRun(300);
  const run = await scheduledRun(300);
  const calls = await callsOf(run);
  expect(calls.filter(({ purpose }) => purpose !== 'count').map(({ purpose, status }) => [purpose, status])).toEqual([['objects', 304]]);
  expect(new Set(calls.flatMap(({ object }) => object ?? []))).toEqual(new Set(quiet.filter((name) => calls.some(({ object }) => object === name))));
  expect(calls.length).toBeLessThanOrEqual(14);
});

it('describes again what changed, and only that much', async () => {
  ingest.simulator.org.addField('Product2', { name: 'Colour__c', type: 'string', length: 20 });
  const calls = await callsOf(await scheduledRun(300));
  const described = calls.filter(({ purpose }) => purpose === 'describe');
  expect(described.filter(({ status }) => status === 200).map(({ object }) => object)).toEqual(['Product2']);
  expect(await ingest.rows(`select field from ${schema}.field_catalogue where field = 'Colour__c' and column_name = 'colour__c'`)).toHaveLength(1);
});

it('keeps every call with what it was for, and no secret', async () => {
  const { calls } = await ingest.ask(listSalesforceCalls, { connectionId, limit: 500 });
  expect(calls.length).toBe(ingest.simulator.log.entries().filter(({ path }) => path.startsWith('/services/data')).length);
  expect(calls.every(({ path, method }) => !path.includes('?') && ['GET', 'POST', 'PATCH', 'DELETE'].includes(method))).toBe(true);
  // An update since may have read none.
  expect(calls.filter(({ purpose, object }) => purpose === 'query' && object === 'Account')).toContainEqual(expect.objectContaining({ rows: ingest.simulator.org.count('Account'), status: 200, apiUsed: expect.any(Number) as number }));
  const stored = JSON.stringify(await ingest.rows('select * from ingest.salesforce_call'));
  expect(ingest.simulator.tokens().filter((token) => stored.includes(token))).toEqual([]);
  const [newest, second] = calls;
  expect((await ingest.ask(listSalesforceCalls, { connectionId, limit: 1, ...(newest === undefined ? {} : { before: newest.id }) })).calls).toEqual([second]);
  const some = (wanted: object) => ingest.ask(listSalesforceCalls, { connectionId, limit: 500, ...wanted });
  expect((await some({ object: 'Account' })).calls).toEqual(calls.filter(({ object }) => object === 'Account'));
  expect((await some({ object: 'Account', purpose: 'describe' })).calls).toEqual(calls.filter(({ object, purpose }) => object === 'Account' && purpose === 'describe'));
});

it('asks before it copies new fields, where that is wanted, and reads their past when it is told to', async () => {
  const settings = (await ingest.ask(getSyncSettings, { connectionId })).settings;
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, newFields: 'ask' } });
  ingest.simulator.org.addField('Account', { name: 'Mood__c', type: 'string', length: 20 });
  const [id = ''] = ingest.simulator.org.rows('Account').map((row) => String(row['Id']));
  ingest.simulator.org.update('Account', id, { Mood__c: 'sunny' });
  expect(await shownField('Mood__c')).toMatchObject({ selected: false });
  await scheduledRun(300);
  expect((await ingest.ask(getSyncSettings, { connectionId })).newFields).toMatchObject([{ object: 'Account', field: 'Mood__c', decision: 'waiting' }]);
  expect(await shownField('Mood__c')).toMatchObject({ selected: false, columnType: null, excludedBecause: 'New in the org; nobody has chosen it yet.' });
  expect((await ingest.stored('Account')).get(id)).not.toHaveProperty('mood__c');
  const before = await ingest.finishedRun();
  await ingest.ask(decideNewFields, { connectionId, decisions: [{ object: 'Account', field: 'Mood__c', decision: 'copy' }] });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
  expect((await ingest.stored('Account')).get(id)).toMatchObject({ mood__c: 'sunny' });
  expect(await shownField('Mood__c')).toMatchObject({ selected: true, columnType: 'text', excludedBecause: null });
});

it('reads the past of a field that is wanted while a run is open, although that run has just read the object', async () => {
  const { org, faults } = ingest.simulator;
  org.addField('Account', { name: 'Humour__c', type: 'string', length: 20 });
  const [id = ''] = org.rows('Account').map((row) => String(row['Id']));
  org.update('Account', id, { Humour__c: 'dry' });
  await scheduledRun(300);
  faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 150 } });
  const { run } = await ingest.ask(startSyncRun, { connectionId });
  await until('Account is read', async () => (await ingest.rows(`select 1 from ingest.sync_run_object where run_id = $1 and object = 'Account' and status = 'complete'`, [run.id])).length > 0);
  await ingest.ask(decideNewFields, { connectionId, decisions: [{ object: 'Account', field: 'Humour__c', decision: 'copy' }] });
  expect(await ingest.rows('select status from ingest.sync_run where id = $1', [run.id])).toEqual([{ status: 'running' }]);
  faults.clear();
  expect(await ingest.finishedRun(run.id)).toMatchObject({ status: 'complete' });
  expect((await ingest.stored('Account')).get(id)).toMatchObject({ humour__c: 'dry' });
});

it('leaves new fields alone where nobody wants them, and copies one that is asked for all the same', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, newFields: 'ignore' } });
  ingest.simulator.org.addField('Account', { name: 'Weather__c', type: 'string', length: 20 });
  const [id = ''] = ingest.simulator.org.rows('Account').map((row) => String(row['Id']));
  ingest.simulator.org.update('Account', id, { Weather__c: 'rain' });
  await scheduledRun(300);
  expect((await ingest.stored('Account')).get(id)).not.toHaveProperty('weather__c');
  expect(await shownField('Weather__c')).toMatchObject({ selected: false, columnType: null });
  expect((await ingest.ask(getSyncSettings, { connectionId })).newFields.filter(({ decision }) => decision === 'waiting')).toEqual([]);
  const before = await ingest.finishedRun();
  await ingest.ask(decideNewFields, { connectionId, decisions: [{ object: 'Account', field: 'Weather__c', decision: 'copy' }] });
  expect(await ingest.finishedRun(before.id)).toMatchObject({ status: 'complete' });
  expect((await ingest.stored('Account')).get(id)).toMatchObject({ weather__c: 'rain' });
  await ingest.ask(putSyncSettings, { connectionId, settings });
});

it('estimates a selection before anything starts', async () => {
  const runs = (await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs.length;
  const estimate = await ingest.ask(estimateSelection, { connectionId, selection: { objects: [{ name: 'Opportunity', fields: null }, { name: 'User', fields: ['Name'] }] } });
  expect(estimate).toMatchObject({ rows: ingest.simulator.org.count('Opportunity') + ingest.simulator.org.count('User'), uncounted: [] });
  expect(estimate.bytes).toBeGreaterThan(10_000);
  expect((await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs).toHaveLength(runs);
});

it('refuses a schedule that the org has not the calls for, and says what it would cost', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  ingest.simulator.settings.dailyApiRequests = 5_000;
  await ingest.nextRun();
  await expect(ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, intervalSeconds: 60 } })).rejects.toMatchObject({ code: 'FORECAST_OVER_BUDGET' });
  expect((await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, intervalSeconds: 3_600 } })).forecast).toMatchObject({ runsPerDay: 24, limit: 5_000, ceiling: 4_000, fits: true });
  expect((await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId]).toMatchObject({ intervalSeconds: 3_600, hold: null });
});

it('keeps settings that need no more calls than those before, however few the org has left', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  ingest.simulator.settings.dailyApiRequests = Math.ceil(((await callsUsed()) + 100) / 0.8);
  await ingest.nextRun();
  expect((await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, newFields: 'ask', intervalSeconds: 7_200 } })).forecast.fits).toBe(false);
  await expect(ingest.ask(putSyncSettings, { connectionId, settings })).rejects.toMatchObject({ code: 'FORECAST_OVER_BUDGET' });
  await expect(ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, intervalSeconds: 7_200, totalShare: 0.5 } })).rejects.toMatchObject({ code: 'FORECAST_OVER_BUDGET' });
  ingest.simulator.settings.dailyApiRequests = 5_000;
  await ingest.nextRun();
  await ingest.ask(putSyncSettings, { connectionId, settings });
});

it('leaves the least valuable objects out when few calls are left, and says so', async () => {
  const used = await callsUsed();
  // 20 calls under the ceiling of 80 %: a look at the schema, and 6 objects at 3 calls each.
  ingest.simulator.settings.dailyApiRequests = Math.ceil((used + 21) / 0.8);
  const run = await ingest.nextRun();
  expect(run.status).toBe('partial');
  const shed = run.reasons.filter(({ code }) => code === 'API_BUDGET_SHED').map(({ object }) => object);
  expect(shed).toEqual(expect.arrayContaining(['Case', 'CampaignMember']));
  expect(shed).not.toContain('OpportunityStage');
  expect(run.reasons.find(({ code }) => code === 'API_BUDGET_SHED')?.text).toMatch(/The next run reads it if they suffice by then\.$/);
  // Objects whose cursor field is still to be tried need a call more.
  await ingest.rows('delete from ingest.cursor_choice');
  ingest.simulator.settings.dailyApiRequests = Math.ceil(((await callsUsed()) + 21) / 0.8);
  const fresh = await ingest.nextRun();
  const shedFresh = fresh.reasons.filter(({ code }) => code === 'API_BUDGET_SHED').map(({ object }) => object);
  expect([run.objects.length - shed.length, fresh.objects.length - shedFresh.length]).toEqual([6, 5]);
});

it('stops before the reserve of others with a reason and a time, tells it once, and is never a success', async () => {
  // Above the ceiling of 80 %, but Salesforce itself would still answer.
  ingest.simulator.settings.dailyApiRequests = Math.ceil(await callsUsed() / 0.85) + 2;
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'API_BUDGET_RESERVED' }] });
  const made = ingest.simulator.log.entries().length;
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'API_BUDGET_RESERVED' }] });
  expect(ingest.simulator.log.entries().length - made).toBe(1);
  const { hold } = (await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId] ?? {};
  expect(hold).toMatchObject({ code: 'API_BUDGET_RESERVED' });
  expect(Date.parse(hold?.until ?? '')).toBeGreaterThan(Date.now() + 20 * 60_000);
  expect(await ingest.rows(`select 1 from ingest.outbox where payload->>'type' = 'ingest.budget.low'`)).toHaveLength(1);
});

it('stops a run in its middle when it has had its share of the calls, and the next one goes on', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  ingest.simulator.settings.dailyApiRequests = 1_000;
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, intervalSeconds: 86_400, runShare: 0.01 } });
  // A look at the schema and 17 counts would be more than 10 calls.
  const run = await ingest.nextRun();
  expect(run).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'API_BUDGET_RUN' }] });
  // Three objects at a time: a call is counted before it is made.
  expect((await callsOf(run.id)).length).toBe(10);
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  await ingest.ask(putSyncSettings, { connectionId, settings });
});

it('takes the daily limit as a stop with a reason and a time, and goes on when it is over', async () => {
  const { settings } = await ingest.ask(getSyncSettings, { connectionId });
  ingest.simulator.settings.dailyApiRequests = 1_000_000;
  ingest.simulator.faults.add({ match: { path: /\/sobjects$/ }, answer: { status: 403, headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]) } });
  expect(await ingest.nextRun()).toMatchObject({ status: 'partial', reasons: [{ object: null, code: 'REQUEST_LIMIT_EXCEEDED' }] });
  expect((await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId]).toMatchObject({ hold: { code: 'REQUEST_LIMIT_EXCEEDED' } });
  ingest.simulator.faults.clear();
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect((await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId]).toMatchObject({ hold: null });
  await ingest.ask(putSyncSettings, { connectionId, settings: { ...settings, objects: [] } });
});
