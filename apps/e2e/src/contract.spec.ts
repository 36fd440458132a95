import { until } from '@tributary/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type ApiAnswer } from './harness/api-client.ts';
import { misfits, resolve } from './harness/json-schema.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

/** The outside contract as the architecture publishes it, which knows nothing of the code. */
const published = [
  'GET /connect/salesforce', 'GET /api/session', 'DELETE /api/session', 'GET /api/connections', 'GET /api/connections/{id}', 'POST /api/connections/{id}/doctor', 'DELETE /api/connections/{id}',
  'GET /api/connections/{id}/objects', 'PUT /api/connections/{id}/selection', 'POST /api/connections/{id}/sync-runs', 'GET /api/connections/{id}/sync-runs', 'GET /api/connections/{id}/sync-runs/{runId}',
  'GET /api/connections/{id}/records/{object}', 'GET /api/metrics', 'POST /api/connections/{id}/query', 'GET /api/live', 'GET /health/live', 'GET /health/ready',
];

interface Operation {
  readonly security?: unknown;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>> }>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const { url, simulatorOrigin } = theProduct();
const simulator = new SimulatorControl(simulatorOrigin);
const stranger = new ApiClient(url);
const client = new ApiClient(url);
let connectionId = '';
let runId = '';
let document: OpenApi;

const operations = (): [key: string, path: string, method: string, operation: Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, path, method, operation] as [string, string, string, Operation]));

function expectProblem({ status, headers, body }: ApiAnswer<unknown>, expected: { status: number; code?: string }): void {
  expect(status).toBe(expected.status);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status: expected.status, code: expected.code ?? expect.stringMatching(/^[A-Z_]+$|^[a-z_]+\.[a-z_]+$/), title: expect.any(String), detail: expect.any(String), correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
}

/** What an answer of 2xx says other than the document promises. */
function unlike(key: string, { status, body }: ApiAnswer<unknown>): string[] {
  const operation = operations().find(([name]) => name === key)?.[3];
  const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema;
  if (operation === undefined) return [`${key} is not in the document`];
  if (!(String(status) in operation.responses)) return [`${key} answered ${status}, which the document does not know`];
  return schema === undefined ? [] : misfits(schema, body, schema);
}

beforeAll(async () => {
  document = (await stranger.get<OpenApi>('/api/openapi.json')).body;
  connectionId = await client.signIn(simulator);
  runId = await until('a finished run', async () => {
    const { runs } = await client.read<{ runs: { id: string; status: string }[] }>(`/api/connections/${connectionId}/sync-runs`);
    return runs.find(({ status }) => status === 'complete')?.id;
  }, 90_000);
}, 120_000);

describe('the OpenAPI document', () => {
  it('is one, and names this server', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Tributary' }, servers: [{ url }] });
  });

  it('has every route of the published contract', () => {
    expect(operations().map(([key]) => key)).toEqual(expect.arrayContaining(published));
  });

  it('declares each parameter of a path, and resolves every reference', () => {
    for (const [key, path, , operation] of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect([key, operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name)]).toEqual([key, inPath]);
      expect(Object.keys(operation.responses).length).toBeGreaterThan(1);
    }
    const references = [...JSON.stringify(document.paths).matchAll(/"\$ref":"(#\/components[^"]*)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(() => resolve(document, reference)).not.toThrow();
  });
});

describe('an answer fits the document', () => {
  it.each([
    ['GET /api/session', () => client.get('/api/session')],
    ['GET /api/session', () => stranger.get('/api/session')],
    ['GET /api/connections', () => client.get('/api/connections')],
    ['GET /api/connections/{id}', () => client.get(`/api/connections/${connectionId}`)],
    ['GET /api/connections/{id}/objects', () => client.get(`/api/connections/${connectionId}/objects`)],
    ['GET /api/connections/{id}/objects', () => client.get(`/api/connections/${connectionId}/objects?object=Opportunity`)],
    ['GET /api/connections/{id}/sync-runs', () => client.get(`/api/connections/${connectionId}/sync-runs?limit=3`)],
    ['GET /api/connections/{id}/sync-runs/{runId}', () => client.get(`/api/connections/${connectionId}/sync-runs/${runId}`)],
    ['POST /api/connections/{id}/sync-runs', () => client.ask('POST', `/api/connections/${connectionId}/sync-runs`, {})],
    ['GET /api/connections/{id}/records/{object}', () => client.get(`/api/connections/${connectionId}/records/Opportunity?limit=5&sort=-Amount`)],
    ['GET /api/metrics', () => client.get('/api/metrics')],
    ['POST /api/connections/{id}/query', () => client.ask('POST', `/api/connections/${connectionId}/query`, { metrics: ['pipeline.open_amount', 'win_rate.by_count'], dimensions: ['stage'] })],
    ['POST /api/connections/{id}/query', () => client.ask('POST', `/api/connections/${connectionId}/query`, { metrics: ['bookings.won_amount'], timeGrain: 'fiscal_quarter', totals: true, explain: 'full' })],
    ['POST /api/connections/{id}/queries', () => client.ask('POST', `/api/connections/${connectionId}/queries`, { queries: [{ metrics: ['pipeline.open_amount'] }, { metrics: ['nothing.such'] }] })],
    ['POST /api/connections/{id}/doctor', () => client.ask('POST', `/api/connections/${connectionId}/doctor`, {})],
    ['GET /api/signing-keys', () => client.get('/api/signing-keys')],
    ['GET /api/members', () => client.get('/api/members')],
    ['GET /api/invitations', () => client.get('/api/invitations')],
    ['GET /api/sessions', () => client.get('/api/sessions')],
    ['GET /api/audit', () => client.get('/api/audit?limit=5')],
    ['GET /health/live', () => stranger.get('/health/live')],
    ['GET /health/ready', () => stranger.get('/health/ready')],
    ['GET /api/openapi.json', () => stranger.get('/api/openapi.json')],
  ] as const)('%s', async (key, ask) => {
    const answer = await ask();
    expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([expect.any(Number), '']);
    expect(unlike(key, answer)).toEqual([]);
  });

  it('the eight first metrics are there', async () => {
    const { metrics } = await client.read<{ metrics: { id: string }[] }>('/api/metrics');
    expect(metrics.map(({ id }) => id)).toEqual(expect.arrayContaining(['pipeline.open_amount', 'pipeline.weighted_amount', 'bookings.won_amount', 'win_rate.by_count', 'win_rate.by_amount', 'deal_size.mean', 'cycle.won_days_median', 'pipeline.created_amount']));
  });

  it('several questions get each its own outcome, at the same version of the data', async () => {
    const { body } = await client.ask<{ answers: { answer?: { rows: unknown[]; asOf: { version: string } }; problem?: { code: string; status: number; correlationId: string } }[] }>(
      'POST', `/api/connections/${connectionId}/queries`, { queries: [{ metrics: ['pipeline.open_amount'] }, { metrics: ['nothing.such'] }, { metrics: ['pipeline.open_count'], dimensions: ['stage'] }] });
    const [amount, unknown, stages] = body.answers;
    expect([amount?.answer?.rows.length, amount?.answer?.asOf]).toEqual([1, stages?.answer?.asOf]);
    expect(stages?.answer?.rows.length).toBeGreaterThan(2);
    expect(unknown?.problem).toMatchObject({ code: 'query.unknown_metric', status: 400, correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
  });

  it('records lead from page to page without a gap or a double', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    let total = 0;
    do {
      const parameters: URLSearchParams = new URLSearchParams({ limit: '50', ...(cursor === null ? {} : { cursor }) });
      const page: { rows: { Id: string }[]; nextCursor: string | null; total: number } = await client.read(`/api/connections/${connectionId}/records/User?${parameters.toString()}`);
      ids.push(...page.rows.map(({ Id }) => Id));
      ({ nextCursor: cursor, total } = page);
    } while (cursor !== null && ids.length < 10_000);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(total);
  });

  it('the selection can be put back as it was', async () => {
    const { objects } = await client.read<{ objects: { name: string; selected: boolean }[] }>(`/api/connections/${connectionId}/objects`);
    const selected = objects.filter((object) => object.selected).map(({ name }) => ({ name }));
    expect(selected.length).toBeGreaterThan(3);
    const answer = await client.ask('PUT', `/api/connections/${connectionId}/selection`, { objects: selected });
    expect(unlike('PUT /api/connections/{id}/selection', answer)).toEqual([]);
  });

  it('live is a stream of events', async () => {
    const stop = new AbortController();
    const answer = await fetch(`${url}/api/live`, { headers: { cookie: client.cookies, accept: 'text/event-stream' }, signal: stop.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
    const reader = answer.body?.getReader();
    await client.ask('POST', `/api/connections/${connectionId}/sync-runs`, {});
    const decoder = new TextDecoder();
    let text = '';
    await until('a message', async () => {
      text += decoder.decode((await reader?.read())?.value, { stream: true });
      return /^data: ?\{/m.test(text);
    }, 20_000);
    expect(text).toMatch(/event: ?(sync|dataset|connection)\./);
    stop.abort();
  });
});

describe('a refusal is a problem document', () => {
  it('for everybody who is not signed in', async () => {
    for (const [, path, method, operation] of operations().filter(([, , , one]) => one.security !== undefined)) {
      const answer = await stranger.ask(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, connectionId), method === 'get' || method === 'delete' ? undefined : {});
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expectProblem(answer, { status: 401 });
      expect(operation).toBeDefined();
    }
  });

  it.each([
    ['a route that does not exist', 'GET', '/api/nothing', undefined, 404],
    ['a connection that does not exist', 'GET', '/api/connections/0199aa00-0000-7000-8000-000000000001', undefined, 404],
    ['an id that is none', 'GET', '/api/connections/not-an-id', undefined, 404],
    ['an object that is not there', 'GET', '/api/connections/{id}/records/Nothing__c', undefined, 404],
    ['a limit beyond the bound', 'GET', '/api/connections/{id}/records/User?limit=5000', undefined, 400],
    ['a filter that is no filter', 'GET', '/api/connections/{id}/records/User?filter=%7B', undefined, 400],
    ['an unknown metric', 'POST', '/api/connections/{id}/query', { metrics: ['nothing.such'] }, 400],
    ['an unknown dimension', 'POST', '/api/connections/{id}/query', { metrics: ['pipeline.open_amount'], dimensions: ["stage'; drop table x"] }, 400],
    ['a query with more than it may say', 'POST', '/api/connections/{id}/query', { metrics: ['pipeline.open_amount'], sql: 'select 1' }, 400],
    ['no question at all', 'POST', '/api/connections/{id}/queries', { queries: [] }, 400],
    ['more questions than may be asked at once', 'POST', '/api/connections/{id}/queries', { queries: Array.from({ length: 41 }, () => ({ metrics: ['pipeline.open_count'] })) }, 400],
    ['an empty selection', 'PUT', '/api/connections/{id}/selection', { objects: [] }, 400],
    ['an unknown object in the selection', 'PUT', '/api/connections/{id}/selection', { objects: [{ name: 'Nothing__c' }] }, 400],
    ['a run that is not there', 'GET', '/api/connections/{id}/sync-runs/0199aa00-0000-7000-8000-000000000001', undefined, 404],
  ] as const)('for %s', async (_name, method, path, body, status) => {
    const answer = await client.ask(method, path.replace('{id}', connectionId), body);
    expectProblem(answer, { status });
    expect(answer.text).not.toMatch(/\bat .*\.(js|ts):\d+|select |node_modules/i);
  });
});

describe('the headers', () => {
  it.each(['/', '/welcome', '/api/session', '/api/openapi.json', '/health/ready', '/api/nothing', '/connect/salesforce'])('of %s protect the browser', async (path) => {
    const { headers } = await stranger.get(path);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'|default-src 'self'/);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|\*)/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('of the portal let its assets be kept for ever, and give a page for every path of it', async () => {
    const { text, status } = await stranger.get('/c/anything/pipeline');
    expect(status).toBe(200);
    const asset = /"(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? '';
    expect((await stranger.get(asset)).headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
    expect((await stranger.get('/assets/nothing.js')).status).toBe(404);
  });

  it('of the sign-in keep the session from scripts and other sites', async () => {
    const fresh = new ApiClient(url);
    const callback = new URL(await simulator.approve(await fresh.startConsent()));
    const { headers } = await fresh.get(callback.pathname + callback.search);
    const cookie = headers.getSetCookie().find((one) => one.startsWith('tributary-sid=')) ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).toMatch(/Path=\//);
  });
});
