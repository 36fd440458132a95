import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const jobs = /\/jobs\/query$/;

interface ListedJob {
  readonly id: string;
  readonly object: string;
  readonly state: string;
}

/** A call in the name of the connected user by somebody else: another tool. */
async function elsewhere(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${ingest.simulator.orgOrigin}/services/data/v66.0/jobs/query${path}`, {
    method, headers: { authorization: `Bearer ${ingest.auth.token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const anExport = async (query: string): Promise<ListedJob> => (await elsewhere('POST', '', { operation: 'queryAll', query, contentType: 'CSV' })) as ListedJob;

async function jobsAtSalesforce(object: string): Promise<ListedJob[]> {
  const { records } = (await elsewhere('GET', '')) as { records: ListedJob[] };
  return records.filter((job) => job.object === object);
}

function asked(method: string): number {
  return ingest.simulator.log.entries().filter((call) => call.method === method && jobs.test(call.path)).length;
}

function addObject(name: string): void {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: 300, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
  ingest.simulator.log.clear();
}

async function choose(name: string): Promise<string> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return before.id;
}

async function copied(name: string): Promise<SyncRun> {
  return ingest.finishedRun(await choose(name));
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({ TRIBUTARY_BULK_WAIT_SECONDS: '1' }, { restRows: 60, bulkPageRows: 100 });
  await ingest.firstRun();
});

afterEach(() => {
  ingest.simulator.faults.clear();
  Object.assign(ingest.simulator.settings, { bulkStuckIn: null, bulkFailures: [], bulkRunMs: 10 });
});

afterAll(async () => {
  await ingest?.stop();
});

describe('an export whose answer was lost', () => {
  it('is found again and read, so that none is left at Salesforce', async () => {
    addObject('Lost__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 1 }, answer: 'lose-response' });
    expect(await copied('Lost__c')).toMatchObject({ status: 'complete', objects: [{ receipts: [{ jobCount: 300, parsed: 300, inserted: 300, complete: true }] }] });
    expect([asked('POST'), asked('GET')]).toEqual([1, 1]);
    expect(await ingest.differences('Lost__c')).toEqual([]);
    expect(await jobsAtSalesforce('Lost__c')).toEqual([]);
  });

  it('is asked for again when Salesforce never heard of it', async () => {
    addObject('Unheard__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 1 }, answer: 'reset' });
    expect(await copied('Unheard__c')).toMatchObject({ status: 'complete' });
    expect([asked('POST'), asked('GET')]).toEqual([2, 1]);
    expect(await jobsAtSalesforce('Unheard__c')).toEqual([]);
  });

  it('is told from what other tools export of the same object in the name of the same user, which is left alone', async () => {
    addObject('Shared__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 1 }, answer: 'lose-response' });
    ingest.simulator.faults.add({ match: { path: jobs, method: 'GET', nth: 1 }, answer: { delayMs: 800 } });
    const before = await choose('Shared__c');
    await until('the lost answer', async () => asked('POST') === 1);
    const other = await anExport('SELECT Id, Amount__c FROM Shared__c');
    expect(await ingest.finishedRun(before)).toMatchObject({ status: 'complete', objects: [{ receipts: [{ complete: true, inserted: 300 }] }] });
    expect(asked('POST')).toBe(2);
    expect(await jobsAtSalesforce('Shared__c')).toMatchObject([{ id: other.id, state: 'JobComplete' }]);
  });

  it('is left alone when another one looks the same: neither is read, neither deleted', async () => {
    addObject('Twins__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 1 }, answer: 'lose-response' });
    ingest.simulator.faults.add({ match: { path: jobs, method: 'GET', nth: 1 }, answer: { delayMs: 800 } });
    const before = await choose('Twins__c');
    await until('the lost answer', async () => asked('POST') === 1);
    const [{ fields } = { fields: [] }] = await ingest.rows<{ fields: string[] }>(`select fields from ingest.extract_job where object = 'Twins__c'`);
    const other = await anExport(`SELECT ${fields.join(', ')} FROM Twins__c LIMIT 10`);
    expect(await ingest.finishedRun(before)).toMatchObject({ status: 'complete', objects: [{ receipts: [{ complete: true, inserted: 300 }] }] });
    const left = await jobsAtSalesforce('Twins__c');
    expect(left).toHaveLength(2);
    expect(left.map(({ id }) => id)).toContain(other.id);
  });

  it('is looked for by nobody when Salesforce refused it', async () => {
    addObject('Refused__c');
    ingest.simulator.faults.add({ match: { path: jobs, method: 'POST', nth: 1 }, answer: { status: 400, headers: { 'content-type': 'application/json' }, body: '[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]' } });
    expect(await copied('Refused__c')).toMatchObject({ status: 'partial' });
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete', objects: [{ api: 'bulk' }] });
    expect([asked('POST'), asked('GET')]).toEqual([2, 0]);
  });
});

describe('in the end no export is left at Salesforce', () => {
  it('of those that hung and were asked for again', async () => {
    addObject('Hung__c');
    ingest.simulator.settings.bulkStuckIn = 'InProgress';
    const before = await choose('Hung__c');
    await until('the second to be aborted', async () => ingest.simulator.log.entries().filter(({ method }) => method === 'PATCH').length >= 2, 20_000);
    ingest.simulator.settings.bulkStuckIn = null;
    expect(await ingest.finishedRun(before)).toMatchObject({ status: 'complete' });
    expect(asked('POST')).toBeGreaterThan(2);
    expect(await jobsAtSalesforce('Hung__c')).toEqual([]);
  }, 60_000);

  it('of those that failed and were split', async () => {
    addObject('Parted__c');
    ingest.simulator.settings.bulkFailures = [{ object: 'Parted__c', message: 'QUERY_TIMEOUT', times: 3 }];
    expect(await copied('Parted__c')).toMatchObject({ status: 'complete' });
    expect(asked('POST')).toBeGreaterThan(3);
    expect(await jobsAtSalesforce('Parted__c')).toEqual([]);
  });

  it('of those that are given up while they run', async () => {
    addObject('Dropped__c');
    await anExport('SELECT Id FROM Dropped__c').then(({ id }) => ingest.rows('insert into ingest.finished_job (connection_id, job_id, api_version) values ($1, $2, $3)', [connectionId, id, '66.0']));
    ingest.simulator.settings.bulkStuckIn = 'UploadComplete';
    const { id } = await anExport('SELECT Id, Amount__c FROM Dropped__c');
    ingest.simulator.settings.bulkStuckIn = null;
    await ingest.rows('insert into ingest.finished_job (connection_id, job_id, api_version) values ($1, $2, $3)', [connectionId, id, '66.0']);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await jobsAtSalesforce('Dropped__c')).toEqual([]);
  });

  it('because of one that Salesforce does not let us delete, which is forgotten when Salesforce has deleted it itself', async () => {
    addObject('Foreign__c');
    const [first, second] = [await anExport('SELECT Id FROM Foreign__c'), await anExport('SELECT Id, Amount__c FROM Foreign__c')];
    for (const { id } of [first, second]) await ingest.rows('insert into ingest.finished_job (connection_id, job_id, api_version) values ($1, $2, $3)', [connectionId, id, '66.0']);
    ingest.simulator.faults.add({ match: { path: new RegExp(second.id), method: 'DELETE' }, answer: { status: 403, headers: { 'content-type': 'application/json' }, body: '[{"errorCode":"INSUFFICIENT_ACCESS","message":"no"}]' } });
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await jobsAtSalesforce('Foreign__c')).toMatchObject([{ id: second.id }]);
    expect(await ingest.rows('select job_id from ingest.finished_job')).toEqual([{ job_id: second.id }]);
    await ingest.rows(`update ingest.finished_job set finished_at = now() - interval '8 days'`);
    expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
    expect(await ingest.rows('select job_id from ingest.finished_job')).toEqual([]);
  });

  it('of a connection that was disconnected in the middle of one, once its person has connected again', async () => {
    addObject('Midway__c');
    ingest.simulator.settings.bulkRunMs = 60_000;
    const before = await choose('Midway__c');
    await until('the export', async () => (await ingest.rows(`select 1 from ingest.extract_job where object = 'Midway__c' and job_id is not null`)).length > 0);
    ingest.auth.publishErased(connectionId, 'keep');
    await until('frozen', async () => (await ingest.rows(`select 1 from ingest.connection where state = 'frozen'`)).length > 0);
    expect(await jobsAtSalesforce('Midway__c')).toMatchObject([{ state: 'InProgress' }]);
    ingest.simulator.settings.bulkRunMs = 10;
    const { id: ended } = await ingest.finishedRun(before);
    ingest.auth.publishAuthorized(connectionId);
    ingest.auth.publishTokenReady(connectionId);
    expect(await ingest.finishedRun(ended)).toMatchObject({ status: 'complete' });
    expect(await ingest.differences('Midway__c')).toEqual([]);
    expect(await jobsAtSalesforce('Midway__c')).toEqual([]);
  });

  it('but of an erased connection not even the note of one is kept', async () => {
    await ingest.rows('insert into ingest.finished_job (connection_id, job_id, api_version) values ($1, $2, $3)', [connectionId, '750000000000001AAA', '66.0']);
    ingest.auth.publishErased(connectionId, 'erase');
    await until('erased', async () => (await ingest.rows(`select 1 from ingest.connection where state = 'erased'`)).length > 0);
    expect(await ingest.rows('select job_id from ingest.finished_job')).toEqual([]);
    expect(await ingest.rows('select user_id from ingest.connection')).toEqual([{ user_id: null }]);
  });
});
