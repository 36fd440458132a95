import type { ServerResponse } from 'node:http';
import { Secret } from '@tributary/failures';
import { describe, expect, it } from 'vitest';
import { aServer, json, rejectionOf, type SeenRequest } from '../spec-support/local-server.ts';
import { apiUsageOfLimits, DataClient, type QueryRecord } from './data-client.ts';
import { SalesforceSession } from './session.ts';

async function anOrg(handler: (request: SeenRequest, response: ServerResponse) => void): Promise<{ data: DataClient; session: SalesforceSession; requests: SeenRequest[] }> {
  const server = await aServer(handler);
  const session = new SalesforceSession(server.http, async () => ({ accessToken: Secret.of('t'), instanceUrl: server.origin, epoch: 1 }));
  return { data: new DataClient(session, '66.0'), session, requests: server.requests };
}

async function records(pages: AsyncIterable<{ records: readonly QueryRecord[] }>): Promise<QueryRecord[]> {
  const all: QueryRecord[] = [];
  for await (const page of pages) all.push(...page.records);
  return all;
}

const page = (ids: readonly number[], next?: string): Record<string, unknown> => ({ totalSize: 5, done: next === undefined, ...(next === undefined ? {} : { nextRecordsUrl: next }), records: ids.map((Id) => ({ Id })) });

describe('a query', () => {
  it('goes on by locator until it is done, short pages included', async () => {
    const { data, requests } = await anOrg(({ url }, response) => {
      if (url.endsWith('-2')) return json(response, 200, page([3], '/services/data/v66.0/query/0r8xx-3'));
      if (url.endsWith('-3')) return json(response, 200, page([4, 5]));
      json(response, 200, page([1, 2], '/services/data/v66.0/query/0r8xx-2'));
    });
    expect(await records(data.queryAll("SELECT Id FROM Account WHERE Name = 'a+b & c'"))).toEqual([1, 2, 3, 4, 5].map((Id) => ({ Id })));
    expect(requests.map(({ url }) => url)).toEqual([
      "/services/data/v66.0/queryAll?q=SELECT%20Id%20FROM%20Account%20WHERE%20Name%20%3D%20%27a%2Bb%20%26%20c%27", '/services/data/v66.0/query/0r8xx-2', '/services/data/v66.0/query/0r8xx-3',
    ]);
  });

  it('stays on the pinned origin when the next page is said to be elsewhere', async () => {
    const elsewhere = await aServer((_request, response) => json(response, 200, page([666])));
    const { data, requests } = await anOrg(({ url }, response) => json(response, 200, url.includes('0r8xx') ? page([2]) : page([1], `${elsewhere.origin}/services/data/v66.0/query/0r8xx-1`)));
    expect(await records(data.queryAll('SELECT Id FROM Account'))).toEqual([{ Id: 1 }, { Id: 2 }]);
    expect(elsewhere.requests).toEqual([]);
    expect(requests).toHaveLength(2);
  });

  it('refuses to go on to anything but a query', async () => {
    const { data, requests } = await anOrg((_request, response) => json(response, 200, page([1], '/services/data/v66.0/sobjects/Account/001XX000003Ab0xAAC')));
    expect(await rejectionOf(records(data.queryAll('SELECT Id FROM Account')))).toMatchObject({ code: 'CALL_NOT_ALLOWED' });
    expect(requests).toHaveLength(1);
  });

  it('is broken when more is promised and no address given', async () => {
    const { data } = await anOrg((_request, response) => json(response, 200, { totalSize: 2, done: false, records: [] }));
    expect(await rejectionOf(records(data.queryAll('SELECT Id FROM Account')))).toMatchObject({ code: 'NEXT_PAGE_MISSING' });
  });

  it('tells that its locator was lost', async () => {
    const { data } = await anOrg(({ url }, response) => (url.includes('0r8xx') ? json(response, 400, [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]) : json(response, 200, page([1], '/services/data/v66.0/query/0r8xx-1'))));
    expect(await rejectionOf(records(data.queryAll('SELECT Id FROM Account')))).toMatchObject({ reaction: 'cursor-lost' });
  });

  it.each([
    ['a number beyond a double', '12345678901234567890', '12345678901234567890'],
    ['eighteen decimals', '1.123456789012345678', '1.123456789012345678'],
    ['a number beyond every double', '1e400', '1e400'],
    ['an ordinary amount', '125000.5', 125000.5],
    ['fifteen digits', '999999999999999', 999999999999999],
    ['an exponent', '1e5', 100000],
  ])('keeps every digit of %s', async (_name, source, expected) => {
    const { data } = await anOrg((_request, response) => json(response, 200, `{"totalSize":1,"done":true,"records":[{"Amount":${source},"Owner":{"Age__c":${source}}}]}`));
    expect(await records(data.queryAll('SELECT Amount FROM Opportunity'))).toEqual([{ Amount: expected, Owner: { Age__c: expected } }]);
  });
});

it('counts with the clock of Salesforce', async () => {
  const { data } = await anOrg((_request, response) => json(response, 200, { totalSize: 2086, done: true, records: [] }, { date: 'Wed, 25 Nov 2026 10:00:00 GMT' }));
  expect(await data.count('SELECT COUNT() FROM Account')).toEqual({ count: 2086, serverTime: new Date('2026-11-25T10:00:00Z') });
});

it('asks for a describe only when it has changed', async () => {
  const modified = 'Wed, 06 May 2026 09:49:20 GMT';
  const { data, requests } = await anOrg((request, response) => (request.headers['if-modified-since'] === modified ? void response.writeHead(304).end() : json(response, 200, { name: 'Account', fields: [{ name: 'Id', type: 'id' }] }, { 'last-modified': modified })));
  const first = await data.describe('Account');
  expect(first).toMatchObject({ describe: { name: 'Account', label: '', fields: [{ name: 'Id', type: 'id', custom: false, nillable: true }] }, lastModified: modified });
  expect(await data.describe('Account', first?.lastModified)).toBeUndefined();
  expect(requests).toHaveLength(2);
});

it('lists versions, limits and objects', async () => {
  const { data, session } = await anOrg(({ url }, response) => {
    if (url.endsWith('/data')) return json(response, 200, [{ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' }]);
    if (url.endsWith('/limits')) return json(response, 200, { DailyApiRequests: { Max: 15000, Remaining: 14998, 'some app': { Max: 0 } } });
    json(response, 200, { encoding: 'UTF-8', sobjects: [{ name: 'Account', label: 'Account' }] });
  });
  expect(await DataClient.versions(session)).toEqual(['66.0']);
  expect(await data.limits()).toMatchObject({ DailyApiRequests: { Max: 15000, Remaining: 14998 } });
  expect((await data.describeGlobal()).sobjects).toEqual([{ name: 'Account', label: 'Account', custom: false, queryable: true, retrieveable: true, deprecatedAndHidden: false }]);
});

it.each([
  ['calls used and allowed', { DailyApiRequests: { Max: 15000, Remaining: 14998 }, MassEmail: 'none' }, { used: 2, limit: 15000 }],
  ['more calls used than allowed', { DailyApiRequests: { Max: 100, Remaining: -5 } }, { used: 105, limit: 100 }],
  ['nothing of calls', { MassEmail: { Max: 10, Remaining: 10 } }, undefined],
  ['no limit', { DailyApiRequests: { Max: 0, Remaining: 0 } }, undefined],
  ['words for numbers', { DailyApiRequests: { Max: 'many', Remaining: 5 } }, undefined],
  ['a number in place of a limit', { DailyApiRequests: 5 }, undefined],
  ['more left than there is', { DailyApiRequests: { Max: 5, Remaining: 6 } }, undefined],
  ['numbers beyond all counting', { DailyApiRequests: { Max: 1e15, Remaining: 1 } }, undefined],
])('reads of limits that tell %s what they say, and no more', async (_name, body, usage) => {
  const { data } = await anOrg((_request, response) => json(response, 200, body));
  expect(apiUsageOfLimits(await data.limits())).toEqual(usage);
});

it.each([
  ['a login page', '<html>Please sign in: hunter2</html>'],
  ['nothing', ''],
  ['an error in disguise', '[{"errorCode":"SERVER_UNAVAILABLE","message":"hunter2"}]'],
  ['half an answer', '{"totalSize":1,"done":tr'],
  ['records that are none', '{"totalSize":1,"done":true,"records":["hunter2"]}'],
])('takes status 200 with %s for a passing fault, without its text', async (_name, body) => {
  const { data } = await anOrg((_request, response) => json(response, 200, body));
  const error = await rejectionOf(data.count('SELECT COUNT() FROM Account'));
  expect(error).toMatchObject({ code: 'ANSWER_BROKEN', reaction: 'transient' });
  expect(String(error)).not.toContain('hunter2');
});

describe('the setup', () => {
  it('names the fields of an object and who may read them, over several pages', async () => {
    const { data, requests } = await anOrg(({ url }, response) => {
      if (url.includes('FieldDefinition')) return json(response, 200, { totalSize: 2, done: false, nextRecordsUrl: '/services/data/v66.0/query/0r8xx-1', records: [{ QualifiedApiName: 'Size__c', DurableId: 'Case.00N000000000001' }] });
      if (url.includes('0r8xx')) return json(response, 200, { totalSize: 2, done: true, records: [{ QualifiedApiName: 'Subject', DurableId: 'Case.Subject' }] });
      json(response, 200, { totalSize: 2, done: true, records: [{ Field: 'Case.Size__c' }, { Field: 'Case.Size__c' }] });
    });
    expect(await data.fieldDefinitions('Case')).toEqual(new Map([['Size__c', 'Case.00N000000000001'], ['Subject', 'Case.Subject']]));
    expect(await data.permittedFields('Case', ['Size__c', 'Gone__c'])).toEqual(new Set(['Size__c']));
    expect(requests.every(({ url }) => url.startsWith('/services/data/v66.0/query'))).toBe(true);
  });
});
