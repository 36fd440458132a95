import { createServer, type Server } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { connectionSyncs, getConnection, httpRoutes, listConnections, listMetrics, redeemSignIn, type ConnectionCore, type RequestDefinition } from '@tributary/api-contracts';
import { liveSubject } from '@tributary/event-contracts';
import { NotFound, failureToWire, toFailure, Unauthenticated } from '@tributary/failures';
import { startService } from '@tributary/service-kit';
import { aServiceEnvironment, freePort, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { configureHttp } from './configure-http.ts';
import { GatewayModule } from './gateway.module.ts';

const personId = '0199aa00-0000-7000-8000-00000000000a';
const workspaceId = '0199aa00-0000-7000-8000-00000000000b';
const connectionId = '0199aa00-0000-7000-8000-000000000001';
const runId = '0199aa00-0000-7000-8000-000000000002';

const connection: ConnectionCore = {
  id: connectionId, name: 'Acme', state: 'active', attention: null, flow: 'refresh-token', flowReason: 'The refresh token is used for work without you.',
  org: { id: '00DXX0000001abcEAA', name: 'Acme', kind: 'developer' }, user: { id: '005XX000001XyzAAA', name: 'Ada', username: 'ada@acme.test' },
  host: 'acme.my.salesforce.com', loginOrigin: 'https://login.salesforce.com', site: null, createdAt: '2026-11-01T00:00:00.000Z', timeline: [],
  policy: 'user', ways: [], lastWay: null, visibility: 'private', owner: { id: personId, name: 'Ada', isMe: true },
};

let environment: ServiceEnvironment;
let gateway: NestExpressApplication;
let peers: NatsConnection;
let authService: Server;
let origin: string;
let lastConnectRequest: { url: string | undefined; headers: NodeJS.Dict<string | string[]> };

/** Answers a request as the owning service would, over the real bus. */
function answer<Request, Reply>(definition: RequestDefinition<Request, Reply>, reply: (request: Request) => Reply): void {
  peers.subscribe(definition.subject, {
    callback: (_error, message) => {
      try {
        message.respond(JSON.stringify({ reply: reply(message.json<Request>()) }));
      } catch (error) {
        message.respond(JSON.stringify({ failure: failureToWire(toFailure(error)) }));
      }
    },
  });
}

async function signIn(): Promise<string> {
  const response = await fetch(`${origin}/connect/salesforce/callback?code=x&state=y`, { redirect: 'manual' });
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  peers = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
  answer(redeemSignIn, ({ ticket }) => {
    if (ticket !== 'ticket-ticket-ticket-ticket') throw new Unauthenticated('TICKET_INVALID', 'The sign-in has expired.');
    return { personId, workspaceId, workspaceName: 'Acme', name: 'Ada', email: null, role: 'owner', authenticatedAt: new Date().toISOString(), connectionId } as never;
  });
  answer(listConnections, () => ({ connections: [connection] }));
  answer(getConnection, ({ connectionId: id }) => {
    if (id !== connectionId) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    return connection;
  });
  answer(connectionSyncs, () => ({ syncs: {} }));
  answer(listMetrics, () => ({ metrics: [] }));
  authService = createServer((request, response) => {
    lastConnectRequest = { url: request.url, headers: request.headers };
    response.writeHead(303, request.url?.includes('/callback') ? { location: '/', 'x-tributary-sign-in': 'ticket-ticket-ticket-ticket' } : { location: 'https://login.salesforce.com/x' }).end();
  });
  await new Promise<void>((resolve) => authService.listen(0, '127.0.0.1', resolve));
  const authPort = (authService.address() as { port: number }).port;
  const portal = join(environment.dataFolder, 'portal');
  await mkdir(join(portal, 'assets'), { recursive: true });
  await writeFile(join(portal, 'index.html'), '<!doctype html><title>Tributary</title><script nonce="__NONCE__" type="module" src="/assets/app.js"></script>');
  await writeFile(join(portal, 'assets', 'app.js'), 'export {}');
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const config = readConfig({
    TRIBUTARY_PORT: String(port), TRIBUTARY_PUBLIC_URL: origin, TRIBUTARY_DATA_DIR: environment.dataFolder, TRIBUTARY_PORTAL_DIR: portal,
    DATABASE_URL: environment.databaseUrl('gateway'), NATS_URL: environment.natsUrl('gateway'), AUTH_SERVICE_URL: `http://127.0.0.1:${authPort}`,
  });
  ({ app: gateway } = await startService({ name: 'gateway', module: await GatewayModule.for(config), host: '127.0.0.1', port, logLevel: 'fatal', configure: (app) => configureHttp(app, config) }));
});

afterAll(async () => {
  await gateway?.close();
  await peers?.close();
  authService?.close();
  await environment?.stop();
});

it('serves every route of the contract, and says which are not built', async () => {
  for (const route of httpRoutes.filter(({ path }) => path !== '/api/live')) {
    const cookie = await signIn();
    const path = route.path.replace('{id}', connectionId).replace('{runId}', runId).replace('{object}', 'Opportunity');
    if (route.path === '/api/session' && route.method === 'delete') continue;
    const response = await fetch(origin + path, {
      method: route.method.toUpperCase(), redirect: 'manual', headers: { cookie, ...(route.body ? { 'content-type': 'application/json' } : {}) },
      ...(route.path.endsWith('/query') ? { body: '{"metrics":["x"]}' } : route.body ? { body: '{"objects":[{"name":"Account"}]}' } : {}),
      signal: AbortSignal.timeout(5_000),
    });
    const body = await response.text();
    expect(`${route.method} ${route.path} ${body}`).not.toContain('ROUTE_NOT_FOUND');
    if (route.notBuilt) expect(response.status).toBe(501);
  }
}, 60_000);

it('lists exactly the contract in its OpenAPI document', async () => {
  const document = (await (await fetch(`${origin}/api/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
  const listed = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
  expect(document.openapi).toBe('3.1.0');
  expect(listed.sort()).toEqual(httpRoutes.map(({ method, path }) => `${method} ${path}`).sort());
});

it('opens a session from a finished consent and ends it on sign-out', async () => {
  const cookie = await signIn();
  expect(cookie).toMatch(/^tributary-sid=[\w-]{43}$/);
  const session = async (): Promise<unknown> => (await fetch(`${origin}/api/session`, { headers: { cookie } })).json();
  expect(await session()).toMatchObject({ signedIn: true, person: { id: personId, name: 'Ada' }, workspace: { name: 'Acme' } });
  const ended = await fetch(`${origin}/api/session`, { method: 'DELETE', headers: { cookie } });
  expect(ended.status).toBe(204);
  expect(await session()).toMatchObject({ signedIn: false });
});

it('never shows the sign-in ticket to the browser and keeps the cookie from scripts', async () => {
  const response = await fetch(`${origin}/connect/salesforce/callback?code=x&state=y`, { redirect: 'manual' });
  expect(response.headers.get('x-tributary-sign-in')).toBeNull();
  expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
});

it('tells auth-service who is signed in and lets nobody else claim it', async () => {
  const cookie = await signIn();
  await fetch(`${origin}/connect/salesforce?login=https://login.salesforce.com`, { redirect: 'manual', headers: { cookie } });
  expect(lastConnectRequest.headers['x-tributary-person']).toBe(personId);
  await fetch(`${origin}/connect/salesforce`, { redirect: 'manual', headers: { 'x-tributary-person': personId } });
  expect(lastConnectRequest.headers['x-tributary-person']).toBeUndefined();
});

it('answers 401 without a session and 404 for a connection of somebody else', async () => {
  const cookie = await signIn();
  expect((await fetch(`${origin}/api/connections`)).status).toBe(401);
  const foreign = await fetch(`${origin}/api/connections/${runId}`, { headers: { cookie } });
  expect(foreign.status).toBe(404);
  expect(foreign.headers.get('content-type')).toContain('application/problem+json');
  expect(await foreign.json()).toMatchObject({ code: 'CONNECTION_NOT_FOUND', status: 404, correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
});

it.each([
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['another site by Fetch metadata', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site' }],
  ['an opaque origin', { origin: 'null' }],
])('refuses a changing request of %s', async (_what, headers) => {
  const cookie = await signIn();
  const response = await fetch(`${origin}/api/connections/${connectionId}`, { method: 'DELETE', headers: { cookie, ...headers } });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: 'CROSS_SITE_REQUEST' });
});

it('refuses a body that a plain form could send', async () => {
  const cookie = await signIn();
  const response = await fetch(`${origin}/api/connections/${connectionId}/query`, { method: 'POST', headers: { cookie, 'content-type': 'text/plain' }, body: '{"metrics":["x"]}' });
  expect(await response.json()).toMatchObject({ status: 400, code: 'CONTENT_TYPE_INVALID' });
});

it('names what is wrong with a query and a broken body', async () => {
  const cookie = await signIn();
  const send = async (body: string): Promise<unknown> => (await fetch(`${origin}/api/connections/${connectionId}/query`, { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body })).json();
  expect(await send('{"metrics":[]}')).toMatchObject({ status: 400, code: 'REQUEST_INVALID', detail: expect.stringContaining('metrics') as string });
  expect(await send('{"metrics"')).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
});

it.each([
  ['rows of an object whose name is too long', `records/${'x'.repeat(81)}`, 404, 'OBJECT_NOT_COPIED'],
  ['rows of an object whose name no table takes', 'records/a%00b', 404, 'OBJECT_NOT_COPIED'],
  ['fields of an object whose name is too long', `objects?object=${'x'.repeat(81)}`, 400, 'REQUEST_INVALID'],
  ['fields of two objects', 'objects?object=Account&object=Contact', 400, 'REQUEST_INVALID'],
])('refuses to show %s', async (_what, path, status, code) => {
  const answer = await fetch(`${origin}/api/connections/${connectionId}/${path}`, { headers: { cookie: await signIn() } });
  expect([answer.status, (await answer.json() as { code: string }).code]).toEqual([status, code]);
});

it('serves the portal for its paths with a nonce of its own, and assets for ever', async () => {
  const page = await fetch(`${origin}/c/x/pipeline`);
  const nonce = /<script nonce="([^"]+)"/.exec(await page.text())?.[1];
  expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect((await fetch(`${origin}/assets/app.js`)).headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${origin}/api/unknown`)).status).toBe(404);
  for (const [header, value] of [['x-content-type-options', 'nosniff'], ['referrer-policy', 'no-referrer'], ['cross-origin-opener-policy', 'same-origin']] as const) expect(page.headers.get(header)).toBe(value);
});

it('streams live messages of own connections and no others', async () => {
  const cookie = await signIn();
  const controller = new AbortController();
  const response = await fetch(`${origin}/api/live`, { headers: { cookie }, signal: controller.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const message = (id: string): string => JSON.stringify({ type: 'connection.changed', connectionId: id, state: 'active' });
  peers.publish(liveSubject(runId), message(runId));
  peers.publish(liveSubject(connectionId), message(connectionId));
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes(connectionId)) break;
  }
  controller.abort();
  expect(text).toContain('event: connection.changed');
  expect(text).not.toContain(runId);
});

it('is ready only while database and bus answer', async () => {
  expect(await (await fetch(`${origin}/health/ready`)).json()).toEqual({ status: 'ok', checks: { database: 'ok', bus: 'ok' } });
});
