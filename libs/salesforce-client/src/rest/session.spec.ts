import { once } from 'node:events';
import { Secret, Unavailable } from '@tributary/failures';
import { expect, it, onTestFinished } from 'vitest';
import { HostRules } from '../http/host-rules.ts';
import { SalesforceHttp } from '../http/salesforce-http.ts';
import { aServer, json, rejectionOf, type LocalServer, type SeenRequest } from '../spec-support/local-server.ts';
import { SalesforceSession, type AccessLease } from './session.ts';

const limits = { method: 'GET', path: '/services/data/v66.0/limits' } as const;
const expired = [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }];

/** A source of leases whose tokens are `token-1`, `token-2` …, that remembers what it was asked. */
function leases(origin: string): { readonly asked: (number | undefined)[]; readonly source: (rejected?: number) => Promise<AccessLease> } {
  const asked: (number | undefined)[] = [];
  let epoch = 1;
  return {
    asked,
    source: async (rejected) => {
      asked.push(rejected);
      if (rejected !== undefined) epoch = rejected + 1;
      return { accessToken: Secret.of(`token-${epoch}`), instanceUrl: origin, epoch };
    },
  };
}

function aSession({ http, origin }: LocalServer): { session: SalesforceSession; asked: (number | undefined)[]; pauses: number[] } {
  const pauses: number[] = [];
  const { asked, source } = leases(origin);
  const session = new SalesforceSession(http, source, undefined, async (ms) => void pauses.push(ms));
  return { session, asked, pauses };
}

const tokenOf = ({ headers }: SeenRequest): string => String(headers.authorization).replace('Bearer ', '');

it('leases once and sends the token to the host of the lease', async () => {
  const server = await aServer((_request, response) => json(response, 200, {}));
  const { session, asked } = aSession(server);
  await session.text(limits);
  await session.text(limits);
  expect(asked).toEqual([undefined]);
  expect(server.requests.map(tokenOf)).toEqual(['token-1', 'token-1']);
});

it('renews once for ten calls that meet the expired token together', async () => {
  const waiting: (() => void)[] = [];
  const server = await aServer(async (request, response) => {
    if (tokenOf(request) !== 'token-1') return json(response, 200, { ok: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (waiting.length === 10) for (const release of waiting) release();
    await promise;
    json(response, 401, expired);
  });
  const { session, asked, pauses } = aSession(server);
  const answers = await Promise.all(Array.from({ length: 10 }, () => session.text(limits)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(asked).toEqual([undefined, 1]);
  expect(server.requests).toHaveLength(20);
  expect(pauses).toEqual([]);
});

it('does not renew again for a caller that comes late with the old token', async () => {
  const gate = Promise.withResolvers<void>();
  const server = await aServer(async (request, response) => {
    if (tokenOf(request) !== 'token-1') return json(response, 200, {});
    if (request.url.includes('sobjects')) await gate.promise;
    json(response, 401, expired);
  });
  const { session, asked } = aSession(server);
  const late = session.text({ method: 'GET', path: '/services/data/v66.0/sobjects' });
  await session.text(limits);
  gate.resolve();
  await late;
  expect(asked).toEqual([undefined, 1]);
});

it('calls a second 401 with the fresh token a policy of the org', async () => {
  const server = await aServer((_request, response) => json(response, 401, expired));
  const { session, asked } = aSession(server);
  expect(await rejectionOf(session.text(limits))).toMatchObject({ code: 'SESSION_POLICY', reaction: 'session-refused', status: 401, epoch: 2 });
  expect(asked).toEqual([undefined, 1]);
  expect(server.requests).toHaveLength(2);
});

it('renews again when the token given for the refused one was an old one itself, or had worked before', async () => {
  const server = await aServer((request, response) => (tokenOf(request) === 'token-3' ? json(response, 200, {}) : json(response, 401, expired)));
  for (const renewal of [{ freshUntilMs: 0, accepted: false }, { freshUntilMs: performance.now() + 60_000, accepted: true }]) {
    const { asked, source } = leases(server.origin);
    const session = new SalesforceSession(server.http, async (rejected) => ({ ...(await source(rejected)), ...(rejected === undefined ? {} : { renewal: { ...renewal } }) }));
    expect((await session.text(limits)).status).toBe(200);
    expect(asked).toEqual([undefined, 1, 2]);
  }
});

it('renews no token that was renewed a moment ago and never worked, whichever call meets it; one that has worked may end at any time', async () => {
  let calls = 0;
  const server = await aServer((request, response) => (tokenOf(request) === 'token-2' && (calls += 1) <= 3 ? json(response, 200, {}) : json(response, tokenOf(request) === 'token-3' ? 200 : 401, expired)));
  const given = () => {
    const { asked, source } = leases(server.origin);
    return { asked, session: new SalesforceSession(server.http, async (rejected) => ({ ...(await source(rejected)), ...(rejected === undefined ? {} : { renewal: { freshUntilMs: performance.now() + 60_000, accepted: false } }) })) };
  };
  const shortLived = given();
  for (let call = 0; call < 4; call += 1) expect((await shortLived.session.text(limits)).status).toBe(200);
  expect(shortLived.asked).toEqual([undefined, 1, 2]);
  const refused = given();
  for (const _call of [1, 2]) expect(await rejectionOf(refused.session.text(limits))).toMatchObject({ code: 'SESSION_POLICY', epoch: 2 });
  expect(refused.asked).toEqual([undefined, 1]);
});

it.each(['This session is not valid for use with the REST API', 'Connected app is not attached to Agent'])('never renews on %j', async (message) => {
  const server = await aServer((_request, response) => json(response, 401, [{ errorCode: 'INVALID_SESSION_ID', message }]));
  const { session, asked } = aSession(server);
  expect(await rejectionOf(session.text(limits))).toMatchObject({ reaction: 'session-refused' });
  expect(asked).toEqual([undefined]);
  expect(server.requests).toHaveLength(1);
});

it('asks for the address again when the org has moved, and follows it', async () => {
  const newHome = await aServer((_request, response) => json(response, 200, { moved: true }));
  const oldHome = await aServer((_request, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<title>URL No Longer Exists</title>'));
  const http = new SalesforceHttp({ hostRules: new HostRules({ extraOrigins: [newHome.origin, oldHome.origin] }), version: '0.0.0' });
  onTestFinished(() => http.close());
  const session = new SalesforceSession(http, async (rejected) => ({ accessToken: Secret.of('t'), instanceUrl: rejected === undefined ? oldHome.origin : newHome.origin, epoch: rejected === undefined ? 1 : 2 }));
  expect((await session.text(limits)).text).toBe('{"moved":true}');
});

it('tries what is passing six times and waits longer each time, within bounds', async () => {
  const server = await aServer((_request, response) => json(response, 500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }]));
  const { session, pauses } = aSession(server);
  expect(await rejectionOf(session.text(limits))).toMatchObject({ reaction: 'transient' });
  expect(server.requests).toHaveLength(6);
  expect(pauses).toHaveLength(5);
  for (const [index, ms] of pauses.entries()) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(500 * 2 ** (index + 1));
  }
  expect(new Set(pauses).size).toBeGreaterThan(1);
});

it('waits at least as long as Salesforce asks, but never for ever', async () => {
  let call = 0;
  const server = await aServer((_request, response) => {
    call += 1;
    if (call === 1) return json(response, 429, [], { 'retry-after': '7' });
    if (call === 2) return json(response, 503, [], { 'retry-after': '86400' });
    json(response, 200, {});
  });
  const { session, pauses } = aSession(server);
  await session.text(limits);
  expect(pauses[0]).toBeGreaterThanOrEqual(7_000);
  expect(pauses[0]).toBeLessThanOrEqual(8_000);
  expect(pauses[1]).toBeGreaterThanOrEqual(120_000);
  expect(pauses[1]).toBeLessThanOrEqual(122_000);
});

it('gives a busy org five seconds', async () => {
  let call = 0;
  const server = await aServer((_request, response) => (call++ === 0 ? json(response, 403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.' }]) : json(response, 200, {})));
  const { session, pauses } = aSession(server);
  await session.text(limits);
  expect(pauses[0]).toBeGreaterThanOrEqual(5_000);
});

it.each([
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  [400, 'MALFORMED_QUERY', 'x'],
  [400, 'INVALID_FIELD', 'x'],
  [400, 'QUERY_TIMEOUT', 'x'],
  [404, 'NOT_FOUND', 'x'],
])('does not repeat %i %s', async (status, errorCode, message) => {
  const server = await aServer((_request, response) => json(response, status, [{ errorCode, message }]));
  const { session } = aSession(server);
  expect(await rejectionOf(session.text(limits))).toMatchObject({ code: errorCode });
  expect(server.requests).toHaveLength(1);
});

it('tries again when the connection breaks', async () => {
  let call = 0;
  const server = await aServer((_request, response) => void (call++ < 2 ? response.destroy() : json(response, 200, {})));
  const { session } = aSession(server);
  await session.text(limits);
  expect(server.requests).toHaveLength(3);
});

it('hands on why no lease can be had, and asks again the next time', async () => {
  const server = await aServer((_request, response) => json(response, 200, {}));
  let refused = true;
  const session = new SalesforceSession(server.http, async () => {
    if (refused) throw new Unavailable('AUTH_DOWN', 'No answer.');
    return { accessToken: Secret.of('t'), instanceUrl: server.origin, epoch: 1 };
  });
  await expect(session.text(limits)).rejects.toMatchObject({ code: 'AUTH_DOWN' });
  refused = false;
  expect((await session.text(limits)).status).toBe(200);
});

it('stops waiting when its work is stopped', async () => {
  const server = await aServer((_request, response) => json(response, 500, []));
  const stop = new AbortController();
  const { source } = leases(server.origin);
  const refusal = rejectionOf(new SalesforceSession(server.http, source, stop.signal).text(limits));
  await once(server.server, 'request');
  stop.abort();
  expect(await refusal).toMatchObject({ name: 'AbortError' });
});

it('takes a stream for good only with status 200, and reads of an error no more than it needs', async () => {
  const server = await aServer((_request, response) => void response.writeHead(400, { 'content-type': 'application/json' }).end(`[{"errorCode":"INVALIDENTITY","message":"x"}]${' '.repeat(200_000)}`));
  const { session } = aSession(server);
  expect(await rejectionOf(session.stream({ method: 'GET', path: '/services/data/v66.0/jobs/query/750XX000000Jb01AAC/results' }))).toMatchObject({ status: 400 });
});
