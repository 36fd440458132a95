import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../control/settings.ts';
import { startSimulator, type Simulator } from '../index.ts';
import { call, signIn, type Answer } from '../testing/person.ts';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'small' });
  token = (await signIn(simulator)).access_token;
});
beforeEach(() => {
  simulator.faults.clear();
  Object.assign(simulator.settings, defaultSettings(), { bulkQueueMs: 0, bulkRunMs: 0 });
});
afterAll(async () => {
  await simulator.stop();
});

const create = (query: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> => call(simulator, token, '/jobs/query', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operation: 'queryAll', query, ...more }) });
const idOf = ({ body }: Answer): string => (body as { id: string }).id;
const newJob = async (query = 'SELECT Id, Name FROM Opportunity', more: Readonly<Record<string, string>> = {}): Promise<string> => idOf(await create(query, more));
const results = (id: string, search = ''): Promise<Answer> => call(simulator, token, `/jobs/query/${id}/results${search}`);
const linesOf = ({ text }: Answer): string[] => text.trimEnd().split('\n');

describe('a job', () => {
  it('is answered as UploadComplete, with a numeric apiVersion of one decimal', async () => {
    const answer = await create('SELECT Id FROM Opportunity');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"apiVersion":66.0');
    expect(answer.body).toMatchObject({ state: 'UploadComplete', object: 'Opportunity', operation: 'queryAll', concurrencyMode: 'Parallel', contentType: 'CSV', lineEnding: 'LF', columnDelimiter: 'COMMA', id: expect.stringMatching(/^750\w{15}$/) });
    expect((await call(simulator, token, `/jobs/query/${idOf(answer)}`)).body).toMatchObject({ state: 'JobComplete', jobType: 'V2Query', numberRecordsProcessed: 50, retries: 0, isPkChunkingSupported: true });
  });

  it('keeps its result while rows change', async () => {
    const id = await newJob();
    const before = (await results(id)).text;
    simulator.org.insert('Opportunity', { Name: 'Later', StageName: 'Prospecting', CloseDate: '2026-12-01', Probability: null });
    expect((await results(id)).text).toBe(before);
    simulator.org.purge('Opportunity', String(simulator.org.rows('Opportunity').at(-1)?.['Id']));
  });

  it('is aborted while it runs and deleted when it has ended', async () => {
    simulator.settings.bulkStuckIn = 'InProgress';
    const id = await newJob();
    const early = await results(id);
    expect([early.status, early.body]).toEqual([412, [{ message: 'can only download query results of successfully completed bulk job with status: JOB_COMPLETE. Current status: IN_PROGRESS', errorCode: 'JOB_NOT_COMPLETE' }]]);
    const tooSoon = await call(simulator, token, `/jobs/query/${id}`, { method: 'DELETE' });
    expect([tooSoon.status, tooSoon.body]).toEqual([400, [{ message: 'Error encountered when deleting the job because the job is not terminated', errorCode: 'API_ERROR' }]]);
    const abort = (): Promise<Answer> => call(simulator, token, `/jobs/query/${id}`, { method: 'PATCH', body: '{"state":"Aborted"}' });
    expect((await abort()).body).toMatchObject({ state: 'Aborted' });
    expect((await abort()).body).toEqual([{ message: 'Aborting already Completed Job not allowed', errorCode: 'INVALIDJOBSTATE' }]);
    expect(await call(simulator, token, `/jobs/query/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
    expect((await call(simulator, token, `/jobs/query/${id}`)).body).toEqual([{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]);
  });

  it('fails on demand, with and without a message, and only as often as asked', async () => {
    simulator.settings.bulkFailures = [{ object: 'Opportunity', message: 'QUERY_TIMEOUT: too long', times: 1 }, { message: null, times: 1 }];
    const states = [];
    for (let job = 0; job < 3; job += 1) states.push((await call(simulator, token, `/jobs/query/${await newJob()}`)).body);
    expect(states[0]).toMatchObject({ state: 'Failed', errorMessage: 'QUERY_TIMEOUT: too long' });
    expect(states[1]).not.toHaveProperty('errorMessage');
    expect(states[2]).toMatchObject({ state: 'JobComplete' });
  });

  it('is read at the version it was made with, for seven days', async () => {
    const id = await newJob();
    expect((await call(simulator, token, `/services/data/v65.0/jobs/query/${id}/results`)).status).toBe(409);
    simulator.clock.advance(7 * 24 * 60 * 60_000 + 1_000);
    token = (await signIn(simulator)).access_token;
    expect((await results(id)).status).toBe(404);
  });
});

describe('result pages', () => {
  it('repeats the header on each page and ends with the word null', async () => {
    const id = await newJob('SELECT Id, StageName FROM Opportunity');
    const ids: string[] = [];
    let locator = '';
    for (const size of [20, 20, 10]) {
      const answer = await results(id, `?maxRecords=20${locator === '' ? '' : `&locator=${locator}`}`);
      const [header, ...rows] = linesOf(answer);
      expect(header).toBe('"Id","StageName"');
      expect(rows).toHaveLength(size);
      expect(answer.headers.get('sforce-numberofrecords')).toBe(String(size));
      ids.push(...rows.map((row) => row.slice(1, 19)));
      locator = answer.headers.get('sforce-locator') ?? '';
    }
    expect(locator).toBe('null');
    expect(new Set(ids).size).toBe(50);
  });

  it('offers five addresses at a time for reading in parallel', async () => {
    simulator.settings.bulkPageRows = 8;
    const id = await newJob('SELECT Id FROM Opportunity');
    const first = (await call(simulator, token, `/jobs/query/${id}/resultPages`)).body as { resultPages: { resultUrl: string }[]; nextRecordsUrl: string; done: boolean };
    expect(first.resultPages).toHaveLength(5);
    expect(first.done).toBe(false);
    expect(first.nextRecordsUrl).toContain('/resultpages?locator=');
    const second = (await call(simulator, token, first.nextRecordsUrl)).body as typeof first;
    expect(second).toMatchObject({ done: true });
    expect(second).not.toHaveProperty('nextRecordsUrl');
    const pages = await Promise.all([...first.resultPages, ...second.resultPages].map(({ resultUrl }) => call(simulator, token, resultUrl)));
    expect(new Set(pages.flatMap((page) => linesOf(page).slice(1))).size).toBe(50);
  });

  it('writes every value in quotes, quotes doubled, line breaks kept, null as nothing, instants with Z', async () => {
    const name = 'Say "hi", 東京\n🙂';
    const id = simulator.org.insert('Account', { Name: name, AnnualRevenue: 1_000, Phone: null });
    const { text } = await results(await newJob(`SELECT Name, AnnualRevenue, Phone, IsDeleted, Owner.Name, CreatedDate FROM Account WHERE Id = '${id}'`));
    expect(text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/, 'T')).toBe('"Name","AnnualRevenue","Phone","IsDeleted","Owner.Name","CreatedDate"\n"Say ""hi"", 東京\n🙂","1000.0","","false","","T.000Z"\n');
  });

  it('uses the delimiter and line ending of the job', async () => {
    const { text } = await results(await newJob("SELECT Name, ApiName FROM OpportunityStage".replace('Name,', 'MasterLabel,'), { columnDelimiter: 'TAB', lineEnding: 'CRLF' }));
    expect(text.startsWith('"MasterLabel"\t"ApiName"\r\n"Prospecting"\t"Prospecting"\r\n')).toBe(true);
  });

  it('compresses only when asked', async () => {
    const id = await newJob();
    const raw = (encoding: string): Promise<{ encoding: string | undefined; body: Buffer }> => new Promise((resolve, reject) => {
      get(`${simulator.orgOrigin}/services/data/v66.0/jobs/query/${id}/results`, { headers: { authorization: `Bearer ${token}`, 'accept-encoding': encoding } }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(pieces) }));
      }).on('error', reject);
    });
    const [plain, gzip] = [await raw('identity'), await raw('gzip')];
    expect(plain.encoding).toBeUndefined();
    expect(gzip.encoding).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  });

  it('gives a header and nothing else for no rows', async () => {
    const id = await newJob("SELECT Id FROM Opportunity WHERE Name = 'nothing'");
    const answer = await results(id);
    expect([answer.text, answer.headers.get('sforce-locator'), answer.headers.get('sforce-numberofrecords')]).toEqual(['"Id"\n', 'null', '0']);
    simulator.settings.bulkEmptyResult = 'nothing';
    expect((await results(id)).text).toBe('');
  });

  it('leaves rows out and lies about their number when a fault says so', async () => {
    const id = await newJob();
    simulator.faults.add({ match: { path: /results$/, nth: 1 }, answer: { truncateRows: 3 } });
    const answer = await results(id);
    expect(linesOf(answer).length - 1).toBe(47);
    expect(answer.headers.get('sforce-numberofrecords')).toBe('50');
    expect(linesOf(await results(id)).length - 1).toBe(50);
  });
});

it.each([
  ['SELECT BillingAddress FROM Account', 'FUNCTIONALITY_NOT_ENABLED', 'Selecting compound data not supported in Bulk Query'],
  ['SELECT Id FROM CaseStatus', 'INVALIDENTITY', "Entity 'CaseStatus' is not supported by the Bulk API."],
  ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'API_ERROR', 'Aggregate Relationships not supported in Bulk Query'],
])('refuses %s', async (soql, errorCode, message) => {
  const answer = await create(soql);
  expect([answer.status, answer.body]).toEqual([400, [{ message, errorCode }]]);
});

it('refuses jobs beyond the daily number', async () => {
  simulator.settings.bulkJobsPerDay = 0;
  expect((await create('SELECT Id FROM Account')).body).toEqual([{ message: 'Max bulk v2 query jobs (0) per 24 hrs has been reached', errorCode: 'LIMIT_EXCEEDED' }]);
});

it('makes a hundred thousand rows as they are read', async () => {
  simulator.org.addObject({ name: 'Reading__c', fields: [{ name: 'Value__c', type: 'double' }], rows: 100_000 });
  const id = await newJob('SELECT Id, Value__c, SystemModstamp FROM Reading__c WHERE Value__c < 10');
  let job: unknown;
  do job = (await call(simulator, token, `/jobs/query/${id}`)).body;
  while ((job as { state: string }).state !== 'JobComplete');
  expect(job).toMatchObject({ numberRecordsProcessed: 10 });
  const all = await results(await newJob('SELECT Id FROM Reading__c'), '?maxRecords=100000');
  expect(new Set(linesOf(all)).size).toBe(100_001);
});
