import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Secret } from '@tributary/failures';
import { describe, expect, it } from 'vitest';
import { mayHaveHappened } from '../rest/rest-failure.ts';
import { SalesforceSession } from '../rest/session.ts';
import { aServer, json, rejectionOf, type SeenRequest } from '../spec-support/local-server.ts';
import { BulkClient } from './bulk-client.ts';

const id = '750XX000000Jb01AAC';
const root = '/services/data/v66.0/jobs/query';
const job = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ id, operation: 'queryAll', object: 'Account', state: 'UploadComplete', apiVersion: 66.0, ...more });

async function anOrg(handler: (request: SeenRequest, response: ServerResponse) => void): Promise<{ bulk: BulkClient; requests: SeenRequest[] }> {
  const server = await aServer(handler);
  const session = new SalesforceSession(server.http, async () => ({ accessToken: Secret.of('t'), instanceUrl: server.origin, epoch: 1 }), undefined, async () => undefined);
  return { bulk: new BulkClient(session, '66.0'), requests: server.requests };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

it('asks for all rows, deleted ones too, as CSV', async () => {
  const { bulk, requests } = await anOrg((_request, response) => json(response, 200, job()));
  expect(await bulk.create('SELECT Id FROM Account')).toMatchObject({ id, state: 'UploadComplete' });
  expect(requests[0]).toMatchObject({ method: 'POST', url: root });
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ operation: 'queryAll', query: 'SELECT Id FROM Account', contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' });
});

it.each([
  ['lost', (response: ServerResponse) => void response.destroy(), 'SALESFORCE_UNREACHABLE'],
  ['no job', (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'ANSWER_BROKEN'],
  ['that the server broke down', (response: ServerResponse) => json(response, 500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }]), 'UNKNOWN_EXCEPTION'],
])('asks once for a job when the answer is %s, because there may be one', async (_name, answer, code) => {
  const { bulk, requests } = await anOrg((_request, response) => answer(response));
  const failure = await rejectionOf(bulk.create('SELECT Id FROM Account'));
  expect([failure, mayHaveHappened(failure)]).toMatchObject([{ code }, true]);
  expect(requests).toHaveLength(1);
});

it('asks again for a job that Salesforce was too busy to make', async () => {
  const { bulk, requests } = await anOrg((_request, response) => (requests.length < 3 ? json(response, 503, []) : json(response, 200, job())));
  expect(await bulk.create('SELECT Id FROM Account')).toMatchObject({ id });
  expect(requests).toHaveLength(3);
});

describe('the list of jobs', () => {
  const listed = (more: Record<string, unknown> = {}): Record<string, unknown> => job({ createdById: '005XX000001XyzAAA', createdDate: '2026-11-21T06:00:00.000+0000', contentType: 'CSV', ...more });

  it('goes on by the locator alone, whatever kind of jobs the next address names, and has those of other APIs', async () => {
    const { bulk, requests } = await anOrg(({ url }, response) =>
      json(response, 200, url.includes('queryLocator') ? { done: true, records: [listed({ operation: 'insert', object: null, state: 'Open', apiVersion: 30 })], nextRecordsUrl: null } : { done: false, records: [listed()], nextRecordsUrl: '/services/data/v66.0/jobs/ingest?queryLocator=01gXX0000000opRTIAY-2000' }));
    expect(await bulk.list(5)).toMatchObject([{ id, object: 'Account', createdById: '005XX000001XyzAAA', createdDate: new Date('2026-11-21T06:00:00Z') }, { operation: 'insert' }]);
    expect(requests.map(({ url }) => url)).toEqual([`${root}?jobType=V2Query`, `${root}?jobType=V2Query&queryLocator=01gXX0000000opRTIAY-2000`]);
  });

  it('is none when it is longer than asked for, or breaks off', async () => {
    const { bulk } = await anOrg((_request, response) => json(response, 200, { done: false, records: [listed()], nextRecordsUrl: '/x?queryLocator=more' }));
    expect(await bulk.list(2)).toBeUndefined();
    const { bulk: broken } = await anOrg((_request, response) => json(response, 200, { done: false, records: [listed()] }));
    expect(await broken.list(2)).toBeUndefined();
  });
});

it('waits until the job is complete', async () => {
  const states = ['UploadComplete', 'InProgress', 'JobComplete'];
  const { bulk, requests } = await anOrg((_request, response) => json(response, 200, job({ state: states.shift() ?? 'JobComplete', numberRecordsProcessed: 740003 })));
  expect(await bulk.untilComplete(id, new AbortController().signal)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 740003 });
  expect(requests).toHaveLength(3);
});

describe('a job that failed', () => {
  it.each([
    ['Your query request was running for too long. QUERY_TIMEOUT', 'split-window'],
    ['InvalidBatch : Failed to process query: Retried more than 15 times', 'split-window'],
    ['Failed to write query result', 'split-window'],
    ['InvalidBatch : Failed to process query: INVALID_TYPE_FOR_OPERATION: x', 'use-other-api'],
    ['Unexpected exception encountered in query processing. Please contact support with the following id: 326566388-63578 (-436445966)', 'use-other-api'],
    [undefined, 'use-other-api'],
  ])('because of %j asks for %s', async (errorMessage, reaction) => {
    const { bulk } = await anOrg((_request, response) => json(response, 200, job({ state: 'Failed', errorMessage })));
    expect(await rejectionOf(bulk.untilComplete(id, new AbortController().signal))).toMatchObject({ code: 'JOB_FAILED', reaction });
  });

  it('because somebody aborted it is made again', async () => {
    const { bulk } = await anOrg((_request, response) => json(response, 200, job({ state: 'Aborted' })));
    expect(await rejectionOf(bulk.untilComplete(id, new AbortController().signal))).toMatchObject({ code: 'JOB_ABORTED', reaction: 'cursor-lost' });
  });

  it('is not waited for once the work is stopped', async () => {
    const stop = new AbortController();
    const { bulk } = await anOrg((_request, response) => {
      stop.abort();
      json(response, 200, job({ state: 'InProgress' }));
    });
    expect(await rejectionOf(bulk.untilComplete(id, stop.signal))).toMatchObject({ name: 'AbortError' });
  });
});

describe('a result page', () => {
  it.each([
    ['another page', 'MTAwMDA', 'MTAwMDA'],
    ['the literal null', 'null', undefined],
    ['an empty locator', '', undefined],
    ['no locator', undefined, undefined],
  ])('with %s', async (_name, locator, expected) => {
    const { bulk } = await anOrg((_request, response) => void response.writeHead(200, { 'content-type': 'text/csv', ...(locator === undefined ? {} : { 'sforce-locator': locator }), 'sforce-numberofrecords': '1' }).end('"Id"\n"1"\n'));
    const page = await bulk.results(id, undefined, 50_000);
    expect([page.nextLocator, page.records, await textOf(page.body)]).toEqual([expected, 1, '"Id"\n"1"\n']);
  });

  it('is asked for by locator, as CSV, packed or not', async () => {
    const { bulk, requests } = await anOrg((_request, response) => void response.writeHead(200, { 'content-type': 'text/csv', 'content-encoding': 'gzip', 'sforce-locator': 'null', 'sforce-numberofrecords': 'many' }).end(gzipSync('"Id"\n')));
    const page = await bulk.results(id, 'aB+c', 25_000);
    expect([await textOf(page.body), page.records]).toEqual(['"Id"\n', undefined]);
    expect(requests[0]).toMatchObject({ url: `${root}/${id}/results?locator=aB%2Bc&maxRecords=25000`, headers: { accept: 'text/csv', 'accept-encoding': 'gzip' } });
  });

  it.each([
    [412, '[{"errorCode":"JOB_NOT_COMPLETE","message":"can only download query results of successfully completed bulk job"}]', 'not-ready'],
    [204, '', 'not-ready'],
    [409, '', 'cursor-lost'],
    [404, '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]', 'cursor-lost'],
  ])('that cannot be had (%i) tells what to do', async (status, body, reaction) => {
    const { bulk } = await anOrg((_request, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(body));
    expect(await rejectionOf(bulk.results(id, undefined, 1))).toMatchObject({ reaction });
  });
});

describe('parallel pages', () => {
  const resultUrl = (locator: string): { resultUrl: string } => ({ resultUrl: `${root}/${id}/results?locator=${locator}` });

  it.each(['nextRecordsUrl', 'nextRecordUrl'])('go on by %s in either spelling of the path until done', async (name) => {
    const { bulk, requests } = await anOrg(({ url }, response) =>
      json(response, 200, url.includes('locator=') ? { resultPages: [resultUrl('c')], done: true, [name]: null } : { resultPages: [resultUrl('a'), resultUrl('b')], done: false, [name]: `https://elsewhere.example${root}/${id}/resultpages?locator=more` }));
    expect(await bulk.resultPages(id)).toEqual(['a', 'b', 'c']);
    expect(requests.map(({ url }) => url)).toEqual([`${root}/${id}/resultPages`, `${root}/${id}/resultpages?locator=more`]);
  });

  it('end with an error when they lead in a circle', async () => {
    const { bulk } = await anOrg((_request, response) => json(response, 200, { resultPages: [], done: false, nextRecordsUrl: `${root}/${id}/resultPages` }));
    expect(await rejectionOf(bulk.resultPages(id))).toMatchObject({ code: 'ANSWER_BROKEN' });
  });
});

it('aborts and deletes', async () => {
  const { bulk, requests } = await anOrg(({ method }, response) => (method === 'DELETE' ? void response.writeHead(204).end() : json(response, 200, job({ state: 'Aborted' }))));
  await bulk.abort(id);
  await bulk.delete(id);
  expect(requests.map(({ method, url, body }) => [method, url, body])).toEqual([['PATCH', `${root}/${id}`, '{"state":"Aborted"}'], ['DELETE', `${root}/${id}`, '']]);
});

it.each([{ id: '001XX000003Ab0xAAC' }, { id: '750XX000000Jb01AAC/../x' }, { state: 'Open' }])('refuses a job like %j', async (more) => {
  const { bulk } = await anOrg((_request, response) => json(response, 200, job(more)));
  expect(await rejectionOf(bulk.info(id))).toMatchObject({ code: 'ANSWER_BROKEN' });
});
