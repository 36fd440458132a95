import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import type { Part } from './part.ts';
import { joined } from './plan-parts.ts';

let ingest: IngestHarness;
const rows = 4_000;
/** Ranges of about a thousand rows, in pages of two hundred and fifty. */
const bounds = { restRows: 100, bulkPartRows: 1_100, bulkPageRows: 250 };
const jobs = /\/jobs\/query$/;
const results = /\/jobs\/query\/\w+\/results/;

function addObject(name: string, id: (index: number) => string | undefined = () => undefined): void {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: 0 });
  for (let index = 0; index < rows; index += 1) {
    const own = id(index);
    ingest.simulator.org.insert(name, { Name: `Row ${index}`, Amount__c: index, ...(own === undefined ? {} : { Id: own }) });
  }
  // Rows of this very second are in no window that is settled.
  ingest.simulator.clock.advance(60_000);
  ingest.simulator.log.clear();
}

async function choose(name: string): Promise<string> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return before.id;
}

const copied = async (name: string): Promise<SyncRun> => ingest.finishedRun(await choose(name), 60_000);

function asked(method: string, path: RegExp): number {
  return ingest.simulator.log.entries().filter((call) => call.method === method && path.test(call.path)).length;
}

/** Exports of the connected user that are still at Salesforce. */
async function exportsLeft(): Promise<number> {
  const response = await fetch(`${ingest.simulator.orgOrigin}/services/data/v66.0/jobs/query`, { headers: { authorization: `Bearer ${ingest.auth.token}` } });
  return ((await response.json()) as { records: unknown[] }).records.length;
}

async function untilPart(name: string, index: number): Promise<void> {
  await until(`part ${index}`, async () => (await ingest.rows(`select from ingest.extract_job where object = '${name}' and (parts->>'index')::int = ${index} and pages > ${index * 4}`)).length > 0, 30_000);
}

const whole = [{ complete: true, sourceCount: rows, jobCount: rows, parsed: rows, inserted: rows, superseded: 0, reason: 'Read in 4 parts, one range of Ids after the other.' }];

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({}, bounds);
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
  Object.assign(ingest.simulator.settings, { bulkJobsPerDay: 10_000, bulkRunMs: 10 });
});

afterAll(async () => {
  await ingest?.stop();
});

describe('a large window', () => {
  it('is read in ranges of Ids of about equal size, each an export of its own, and proven by one receipt', async () => {
    addObject('Ranges__c');
    const run = await copied('Ranges__c');
    expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    expect(asked('POST', jobs)).toBe(4);
    expect(await ingest.differences('Ranges__c')).toEqual([]);
    expect(await exportsLeft()).toBe(0);
    expect(await ingest.rows(`select distinct _version::int as version from ${schema}.ranges__c`)).toEqual([{ version: 1 }]);
  });

  it('is divided between its rows where their Ids lie unevenly, without an export for a handful of them', async () => {
    // A few rows of another instance far below, most of them in one dense place, and one far above.
    const at = (place: string, index: number): string => `a77${place}${String(index).padStart(12 - place.length, '0')}AAA`;
    addObject('Uneven__c', (index) => (index < 5 ? at('0', index) : index === rows - 1 ? at('zzzz', 0) : at('5g0', index)));
    const run = await copied('Uneven__c');
    expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: [{ complete: true, jobCount: rows, inserted: rows, reason: expect.stringMatching(/^Read in [456] parts, one range of Ids after the other\.$/) as string }] }] });
    expect(asked('POST', jobs)).toBeLessThanOrEqual(6);
    expect(asked('GET', /\/queryAll$/)).toBeLessThanOrEqual(30);
    expect(await ingest.differences('Uneven__c')).toEqual([]);
  });

  it('has the export of the next range made while one is read', async () => {
    addObject('Ahead__c');
    ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 60 } });
    const before = await choose('Ahead__c');
    await untilPart('Ahead__c', 0);
    expect(await ingest.rows(`select parts->'ahead'->>'jobId' <> job_id as other from ingest.extract_job where object = 'Ahead__c'`)).toEqual([{ other: true }]);
    expect(asked('POST', jobs)).toBe(2);
    expect(await ingest.finishedRun(before, 60_000)).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    expect(asked('POST', jobs)).toBe(4);
    expect(await exportsLeft()).toBe(0);
  });

  it('goes on where it was when the work stops, with the exports that are there, the one ahead included', async () => {
    addObject('Stopped__c');
    ingest.simulator.faults.add({ match: { path: results }, answer: { delayMs: 120 } });
    const before = await choose('Stopped__c');
    await untilPart('Stopped__c', 1);
    await ingest.stopService();
    ingest.simulator.faults.clear();
    await ingest.startService({}, bounds);
    expect(await ingest.finishedRun(before, 60_000)).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    expect(asked('POST', jobs)).toBe(4);
    expect(await ingest.differences('Stopped__c')).toEqual([]);
    expect(await exportsLeft()).toBe(0);
  });

  it('has no more than the range read again whose export is gone, also when the answer to the new one is lost', async () => {
    addObject('Gone__c');
    // The second page of the third range; a page has a place of its own in the list.
    ingest.simulator.faults.add({ match: { path: results, nth: 11 }, answer: { status: 404, headers: { 'content-type': 'application/json' }, body: '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]' } });
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 5 }, answer: 'lose-response' });
    const run = await copied('Gone__c');
    expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    const [receipt] = run.objects[0]?.receipts ?? [];
    expect(asked('POST', jobs)).toBe(5);
    expect(receipt?.pages).toBe(16);
    expect(await ingest.differences('Gone__c')).toEqual([]);
    expect(await exportsLeft()).toBe(0);
  });

  it('finds the export ahead again whose answer was lost', async () => {
    addObject('Lost__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 2 }, answer: 'lose-response' });
    expect(await copied('Lost__c')).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    expect(asked('POST', jobs)).toBe(4);
    expect(await exportsLeft()).toBe(0);
  });

  it('does not stop because the export ahead is refused: it is asked for when its turn comes', async () => {
    addObject('Refused__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 2 }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: '[{"errorCode":"INVALIDJOB","message":"not now"}]' } });
    expect(await copied('Refused__c')).toMatchObject({ status: 'complete', objects: [{ receipts: whole }] });
    expect(asked('POST', jobs)).toBe(5);
    expect(await exportsLeft()).toBe(0);
  });

  it('leaves none of its exports at Salesforce when it goes on by REST', async () => {
    addObject('Rest__c');
    ingest.simulator.faults.add({ match: { path: results, nth: 6 }, answer: { status: 403, headers: { 'content-type': 'application/json' }, body: '[{"errorCode":"FUNCTIONALITY_NOT_ENABLED","message":"Async API not enabled"}]' } });
    expect(await copied('Rest__c')).toMatchObject({ status: 'complete', objects: [{ receipts: [{ api: 'rest', complete: true, parsed: rows, inserted: rows }] }] });
    expect(asked('POST', jobs)).toBe(3);
    expect(await exportsLeft()).toBe(0);
    expect(await ingest.differences('Rest__c')).toEqual([]);
  });
});

it('ranges that are small together become one, without a gap', () => {
  const part = (idFrom: string | null, idBefore: string | null): Part => ({ from: null, until: null, idFrom, idBefore });
  const ranges = [{ part: part(null, 'b'), rows: 3 }, { part: part('b', 'c'), rows: 7 }, { part: part('c', 'd'), rows: 1 }, { part: part('d', null), rows: 10 }];
  expect(joined(ranges, 10)).toEqual([part(null, 'c'), part('c', 'd'), part('d', null)]);
});
