import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const login = '<html><head><title>Login | Salesforce</title></head><body><form></form></body></html>';
const errors = '[{"errorCode":"UNKNOWN_EXCEPTION","message":"An unexpected error occurred."}]';
const results = /\/jobs\/query\/\w+\/results/;
let objects = 0;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({}, { bulkPageRows: 50, restRows: 60 });
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.stop();
});

/** Adds objects of so many rows. @returns their names */
function addObjects(count: number, rows: number): string[] {
  return Array.from({ length: count }, () => {
    const name = `Hostile${(objects += 1)}__c`;
    ingest.simulator.org.addObject({ name, fields: [{ name: 'Note__c', type: 'string' }], rows });
    return name;
  });
}

async function copied(names: readonly string[]): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: names.map((name) => ({ name })) }) });
  return ingest.finishedRun(before.id);
}

async function expectWhole(names: readonly string[]): Promise<void> {
  for (const name of names) expect(await ingest.differences(name)).toEqual([]);
}

describe('an answer that is no data, once', () => {
  it.each([
    ['a login page', { status: 200, body: login }],
    ['nothing', { status: 200, headers: { 'content-type': 'text/csv' } }],
    ['a list of errors', { status: 200, body: errors }],
    ['an error of the server', { status: 500, body: errors }],
  ])('in place of a page of an export (%s) is asked for again: the copy is whole', async (_what, answer) => {
    const names = addObjects(1, 130);
    ingest.simulator.faults.add({ match: { path: results, nth: 2 }, answer });
    expect(await copied(names)).toMatchObject({ status: 'complete', objects: [{ api: 'bulk', receipts: [{ jobCount: 130, parsed: 130, inserted: 130, complete: true }] }] });
    await expectWhole(names);
  });

  it.each([
    ['a login page', { status: 200, body: login }],
    ['nothing', { status: 200, headers: { 'content-type': 'application/json' } }],
    ['a list of errors', { status: 200, body: errors }],
  ])('in place of the rows of a query (%s) leaves its object partial with the reason, the others whole, and the next run reads it', async (_what, answer) => {
    const names = addObjects(2, 30);
    ingest.simulator.faults.add({ match: { path: /\/queryAll/, nth: 1, times: 1 }, answer });
    const run = await copied(names);
    expect(run).toMatchObject({ status: 'partial', reasons: [{ code: 'ANSWER_BROKEN', text: expect.not.stringContaining('Login') as string }] });
    expect(run.objects.map(({ status }) => status).toSorted()).toEqual(['complete', 'partial']);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', reasons: [] });
    await expectWhole(names);
  });

  it('in place of the list of objects ends the run with the reason, and the next one is whole', async () => {
    ingest.simulator.faults.add({ match: { path: /\/sobjects$/, times: 1 }, answer: { status: 200, body: login } });
    const run = await ingest.nextRun();
    expect(run.status).not.toBe('complete');
    expect(run.reasons).toMatchObject([{ code: 'ANSWER_BROKEN' }]);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', reasons: [] });
  });
});

it('renews once for five downloads that meet the ended token together, and all go on with their pages', async () => {
  const names = addObjects(5, 160);
  ingest.auth.rejected.length = 0;
  const { epoch } = ingest.auth;
  ingest.simulator.log.clear();
  ingest.simulator.faults.add({ match: { path: results, bearer: ingest.auth.token, nth: 3, times: 1_000 }, answer: { status: 401, body: '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]' } });
  const run = await copied(names);
  expect(run).toMatchObject({ status: 'complete', reasons: [] });
  expect(run.objects.map(({ receipts: [receipt] }) => receipt?.inserted)).toEqual([160, 160, 160, 160, 160]);
  expect(ingest.auth.rejected).toEqual([epoch]);
  const answers = ingest.simulator.log.entries().filter(({ path }) => results.test(path));
  const refused = answers.filter(({ status }) => status === 401);
  expect(refused.length).toBeGreaterThan(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5 * 4);
  const [first] = refused;
  const resumed = answers.find(({ at, status }) => first !== undefined && status === 200 && at > first.at);
  expect(Number(resumed?.at) - Number(first?.at)).toBeLessThan(5_000);
  await expectWhole(names);
});

it('is held by a used-up daily limit, not failed: no further call is made in that run', async () => {
  const names = addObjects(3, 30);
  ingest.simulator.faults.add({ match: { path: /\/queryAll/ }, answer: { status: 403, body: '[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]' } });
  const run = await copied(names);
  expect(run).toMatchObject({ status: 'partial', reasons: expect.arrayContaining([expect.objectContaining({ code: 'REQUEST_LIMIT_EXCEEDED' })]) as object[] });
  expect(ingest.simulator.log.entries().filter(({ path, status }) => path.includes('/queryAll') && status === 403).length).toBeLessThanOrEqual(3);
  ingest.simulator.faults.clear();
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  await expectWhole(names);
});
