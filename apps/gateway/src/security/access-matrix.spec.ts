import {
  connectionSyncs, getCatalogue, getConnection, getSyncRun, getSyncSettings, httpRoutes, listAccessCalls, listConnections, listDeletions, listInvitations, listMembers, listMetrics, listProviders, listRecords, listSalesforceCalls, listSigningKeys, listSyncRuns, readAudit,
  readCertificate, readWorkspace, type HttpRoute,
} from '@tributary/api-contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { connectionId, people, TestedGateway } from '../spec-support/gateway.harness.ts';

/**
 * Who may reach what. `open`: everybody. `person`: whoever is signed in, for what is theirs: the services are asked for the session's own
 * person. `connection`: who owns the connection; for others it does not exist, and no service is asked about it without their name.
 */
type Reach = 'open' | 'person' | 'connection';

const reach: Readonly<Record<string, Reach | readonly [Reach, body: unknown]>> = {
  'get /connect/salesforce': 'open', 'get /connect/salesforce/callback': 'open', 'get /connect/oidc/{name}': 'open', 'get /connect/oidc/{name}/callback': 'open',
  'get /api/session': 'open', 'post /api/session': ['open', { ticket: 'a-ticket-for-somebody-owner' }], 'delete /api/session': 'open', 'get /api/openapi.json': 'open', 'get /health/live': 'open', 'get /health/ready': 'open',
  'get /api/connections': 'person', 'get /api/metrics': 'person', 'get /api/live': 'person',
  'get /api/connections/{id}': 'connection', 'delete /api/connections/{id}': 'connection',
  'post /api/connections/{id}/pause': 'connection', 'post /api/connections/{id}/resume': 'connection', 'post /api/connections/{id}/doctor': 'connection',
  'put /api/connections/{id}/sharing': ['connection', { visibility: 'workspace' }],
  'put /api/connections/{id}/policy': ['connection', { policy: 'user' }], 'post /api/connections/{id}/jwt-proof': 'connection',
  'get /api/connections/{id}/objects': 'connection', 'put /api/connections/{id}/selection': ['connection', { objects: [{ name: 'Account' }] }],
  'post /api/connections/{id}/selection-estimate': ['connection', { objects: [{ name: 'Account' }] }], 'get /api/connections/{id}/sync-settings': 'connection',
  'put /api/connections/{id}/sync-settings': ['connection', {}], 'post /api/connections/{id}/sync-forecast': ['connection', {}],
  'put /api/connections/{id}/new-fields': ['connection', { decisions: [{ object: 'Account', field: 'Mood__c', decision: 'copy' }] }], 'get /api/connections/{id}/calls': 'connection',
  'put /api/connections/{id}/change-events': ['connection', { on: true }], 'get /api/connections/{id}/deletions': 'connection', 'post /api/connections/{id}/held-deletions': ['connection', { object: 'Account', rows: 20 }],
  'post /api/connections/{id}/sync-runs': 'connection', 'get /api/connections/{id}/sync-runs': 'connection', 'get /api/connections/{id}/sync-runs/{runId}': 'connection',
  'get /api/connections/{id}/records/{object}': 'connection', 'post /api/connections/{id}/query': ['connection', { metrics: ['x'] }], 'post /api/connections/{id}/queries': ['connection', { queries: [{ metrics: ['x'] }] }],
  'put /api/workspace': ['person', { name: 'Acme sales' }], 'get /api/members': 'person', 'put /api/members/{personId}': ['person', { role: 'viewer' }],
  'get /api/invitations': 'person', 'post /api/invitations': ['person', { note: 'Grace', role: 'viewer' }], 'delete /api/invitations/{id}': 'person', 'post /api/invitation-preview': ['open', { invitation: 'a'.repeat(43) }],
  'get /api/sessions': 'person', 'delete /api/sessions/{id}': 'person', 'get /api/audit': 'person',
  'get /api/signing-keys': 'person', 'post /api/signing-keys': ['person', { bits: 2048 }], 'get /api/signing-keys/{id}/certificate': 'person', 'post /api/signing-keys/{id}/offer': 'person',
  'post /api/service-connections': ['person', { username: 'integration@acme.test' }],
};

let gateway: TestedGateway;

beforeAll(async () => {
  gateway = await TestedGateway.start();
});

afterAll(async () => gateway?.stop());

beforeEach(() => void (gateway.asked.length = 0));

const nameOf = ({ method, path }: HttpRoute): string => `${method} ${path}`;

function entryOf(route: HttpRoute): { readonly kind: Reach | undefined; readonly body: unknown } {
  const entry = reach[nameOf(route)];
  return typeof entry === 'object' ? { kind: entry[0], body: entry[1] } : { kind: entry, body: undefined };
}

function pathOf({ path }: HttpRoute): string {
  return path.replace('{id}', path.startsWith('/api/connections/') ? connectionId : '0199aa00-0000-7000-8000-0000000000f1').replace('{runId}', '0199aa00-0000-7000-8000-0000000000f2')
    .replace('{personId}', '0199aa00-0000-7000-8000-0000000000f3').replace('{object}', 'Opportunity').replace('{name}', 'acme');
}

async function statusOf(route: HttpRoute, cookie?: string): Promise<number> {
  const { body } = entryOf(route);
  const response = await gateway.send(route.method, pathOf(route), { ...(cookie === undefined ? {} : { cookie }), ...(body === undefined ? {} : { body }) });
  if (route.path === '/api/live') await response.body?.cancel();
  return response.status;
}

it('has an entry for every route', () => {
  expect(httpRoutes.map(nameOf).filter((name) => reach[name] === undefined)).toEqual([]);
});

it.each(httpRoutes.map((route) => [nameOf(route), route] as const))('%s is for whom it is meant: nobody, whoever is signed in, or whose it is', async (_name, route) => {
  const { kind } = entryOf(route);
  expect(route.session).toBe(kind !== 'open');
  if (kind === 'open') return expect(await statusOf(route)).not.toBe(401);

  expect(await statusOf(route)).toBe(401);
  expect(gateway.asked).toEqual([]);

  const foreign = await statusOf(route, await gateway.signIn('stranger'));
  if (kind === 'connection') {
    expect(foreign).toBe(404);
    expect(gateway.asked.filter(({ personId }) => personId !== people.stranger.personId)).toEqual([]);
  } else {
    expect(foreign).not.toBe(401);
    expect(gateway.asked.filter(({ personId }) => personId !== undefined && personId !== people.stranger.personId)).toEqual([]);
  }

  const own = await statusOf(route, await gateway.signIn('owner'));
  expect([401, 403, ...(kind === 'connection' ? [404] : [])]).not.toContain(own);
});

it('names the workspace of the session, and none from the outside, in every question about what was copied', async () => {
  const cookie = await gateway.signIn('owner');
  const planted = { workspaceId: people.stranger.workspaceId };
  for (const route of httpRoutes.filter((candidate) => entryOf(candidate).kind === 'connection' || nameOf(candidate) === 'get /api/connections')) {
    const { body } = entryOf(route);
    await gateway.send(route.method, `${pathOf(route)}?workspaceId=${planted.workspaceId}`, { cookie, ...(body === undefined ? {} : { body: { ...body, ...planted } }) });
    await statusOf(route, cookie);
  }
  const asked = gateway.asked.filter(({ subject }) => /^tributary\.rpc\.(ingest|analytics)\./.test(subject));
  expect(new Set(asked.map(({ subject }) => subject)).size).toBe(18);
  expect(asked.filter(({ workspaceId }) => workspaceId !== people.owner.workspaceId)).toEqual([]);
});

/** Requests that read and change nothing at the service that answers. */
const reading = new Set([
  listConnections, getConnection, connectionSyncs, listMetrics, listMembers, listInvitations, listProviders, readAudit, listSigningKeys, readCertificate, readWorkspace, getCatalogue, getSyncSettings, listSalesforceCalls, listAccessCalls, listDeletions, listSyncRuns, getSyncRun, listRecords,
].map(({ subject }) => subject));

it('asks the services for nothing but reading on any route with GET', async () => {
  const cookie = await gateway.signIn('owner');
  for (const route of httpRoutes.filter(({ method, path }) => method === 'get' && !path.startsWith('/connect/'))) await statusOf(route, cookie);
  expect(gateway.asked.length).toBeGreaterThan(10);
  expect([...new Set(gateway.asked.map(({ subject }) => subject))].filter((subject) => !reading.has(subject))).toEqual([]);
});

it('takes no password on any route', () => {
  const bodies = httpRoutes.flatMap(({ body, query }) => [body, query]).filter((schema) => schema !== undefined).map((schema) => JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })));
  expect(bodies.length).toBeGreaterThan(5);
  expect(bodies.filter((text) => /passw|passphrase|\bpin\b/i.test(text))).toEqual([]);
});

it('lets a viewer read what is shared and change nothing', async () => {
  gateway.isShared = true;
  const cookie = await gateway.signIn('viewer');
  const at = (method: string, path: string, body?: unknown) => gateway.send(method, `/api/connections/${connectionId}${path}`, { cookie, ...(body === undefined ? {} : { body }) });
  expect((await at('get', '')).status).toBe(200);
  expect((await at('post', '/query', { metrics: ['x'] })).status).toBe(503);
  expect([(await at('post', '/sync-runs')).status, (await at('put', '/selection', { objects: [{ name: 'Account' }] })).status]).toEqual([403, 403]);
  people.viewer.role = 'analyst';
  const analyst = await gateway.signIn('viewer');
  expect((await gateway.send('post', `/api/connections/${connectionId}/sync-runs`, { cookie: analyst })).status).toBe(503);
  const refused = await gateway.send('put', `/api/connections/${connectionId}/selection`, { cookie: analyst, body: { objects: [{ name: 'Account' }] } });
  expect([refused.status, (await refused.json() as { code: string }).code]).toEqual([403, 'NOT_YOUR_CONNECTION']);
  expect((await gateway.send('post', `/api/connections/${connectionId}/held-deletions`, { cookie: analyst, body: { object: 'Account', rows: 20 } })).status).toBe(403);
  people.viewer.role = 'viewer';
  gateway.isShared = false;
});
