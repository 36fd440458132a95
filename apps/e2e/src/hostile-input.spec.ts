import { until } from '@tributary/testing';
import { hostileBodies, hostileTexts } from '@tributary/testing/hostile-texts';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type ApiAnswer } from './harness/api-client.ts';
import { theProduct } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

const { url, simulatorOrigin } = theProduct();
const simulator = new SimulatorControl(simulatorOrigin);
const client = new ApiClient(url);
let connectionId = '';

// Each input takes every n-th text of the corpus, from another one on; 1 gives all of them to all inputs (npm run test:long).
const step = Number(process.env['TRIBUTARY_TEST_TEXT_STEP'] ?? 20);
const atOnce = 4;

beforeAll(async () => {
  const { users } = await simulator.facts();
  // The first of an org is an owner: nothing is refused for want of rights.
  connectionId = await client.signIn(simulator, users[Number(process.env['TRIBUTARY_E2E_PERSON'] ?? 0)]?.username);
  await client.syncRarely(connectionId);
  await until('figures to ask for', async () => (await client.ask('POST', of('/query'), { metrics: ['pipeline.open_amount'] })).status === 200, 200_000);
}, 240_000);

type Send = (text: string) => Promise<ApiAnswer<unknown>>;

const inPath = (path: (text: string) => string, method = 'GET', body?: unknown): Send => (text) => client.ask(method, path(encodeURIComponent(text.toWellFormed())), body);
const inQuery = (path: string, name: string): Send => (text) => client.get(`${path}?${new URLSearchParams({ [name]: text }).toString()}`);
const inBody = (method: string, path: string, body: (text: string) => unknown): Send => (text) => client.ask(method, path, body(text));
const of = (path: string): string => `/api/connections/${connectionId}${path}`;
const late = (make: () => Send): Send => (text) => make()(text);
const asked = (body: (text: string) => object): Send => late(() => inBody('POST', of('/query'), (text) => ({ metrics: ['pipeline.open_amount'], ...body(text) })));
const nobody = '0199aa00-0000-7000-8000-00000000ffff';

/** Every place of the API into which somebody can put a text, by route. */
const inputs: Readonly<Record<string, Send>> = {
  'connect start: login': inQuery('/connect/salesforce', 'login'), 'connect start: return': inQuery('/connect/salesforce', 'return'), 'connect start: invitation': inQuery('/connect/salesforce', 'invitation'), 'connect start: fresh': inQuery('/connect/salesforce', 'fresh'),
  'callback: code': inQuery('/connect/salesforce/callback', 'code'), 'callback: state': inQuery('/connect/salesforce/callback', 'state'), 'callback: error': inQuery('/connect/salesforce/callback', 'error_description'),
  'provider: name': inPath((text) => `/connect/oidc/${text}`), 'provider callback: name': inPath((text) => `/connect/oidc/${text}/callback?code=x&state=y`),
  'session: ticket': inBody('POST', '/api/session', (ticket) => ({ ticket })),
  'connection: id': inPath((text) => `/api/connections/${text}`), 'disconnect: data': late(() => inQueryOf('DELETE', `/api/connections/${nobody}`, 'data')),
  'objects: object': late(() => inQuery(of('/objects'), 'object')), 'selection: object': late(() => inBody('PUT', of('/selection'), (name) => ({ objects: [{ name }] }))), 'selection: field': late(() => inBody('PUT', of('/selection'), (text) => ({ objects: [{ name: 'Account', fields: [text] }] }))),
  'estimate: object': late(() => inBody('POST', of('/selection-estimate'), (name) => ({ objects: [{ name }] }))), 'sync settings: object': late(() => inBody('PUT', of('/sync-settings'), (name) => ({ objects: [{ name }] }))), 'sync settings: interval': late(() => inBody('PUT', of('/sync-settings'), (intervalSeconds) => ({ intervalSeconds }))),
  'forecast: new fields': late(() => inBody('POST', of('/sync-forecast'), (newFields) => ({ newFields }))), 'new fields: field': late(() => inBody('PUT', of('/new-fields'), (field) => ({ decisions: [{ object: 'Account', field, decision: 'copy' }] }))),
  'change events: on': late(() => inBody('PUT', of('/change-events'), (on) => ({ on }))), 'held deletions: object': late(() => inBody('POST', of('/held-deletions'), (object) => ({ object, rows: 1 }))),
  'calls: before': late(() => inQuery(of('/calls'), 'before')), 'calls: object': late(() => inQuery(of('/calls'), 'object')), 'calls: purpose': late(() => inQuery(of('/calls'), 'purpose')), 'runs: limit': late(() => inQuery(of('/sync-runs'), 'limit')), 'run: id': late(() => inPath((text) => of(`/sync-runs/${text}`))),
  'records: object': late(() => inPath((text) => of(`/records/${text}`))), 'records: filter': late(() => inQuery(of('/records/Opportunity'), 'filter')), 'records: sort': late(() => inQuery(of('/records/Opportunity'), 'sort')), 'records: cursor': late(() => inQuery(of('/records/Opportunity'), 'cursor')),
  'records: value of a filter': late(() => (text) => inQuery(of('/records/Opportunity'), 'filter')(JSON.stringify([{ field: 'Name', op: 'eq', value: text }]))),
  'sharing: visibility': late(() => inBody('PUT', of('/sharing'), (visibility) => ({ visibility }))), 'policy: policy': late(() => inBody('PUT', of('/policy'), (policy) => ({ policy }))),
  'signing key: bits': inBody('POST', '/api/signing-keys', (bits) => ({ bits })), 'certificate: id': inPath((text) => `/api/signing-keys/${text}/certificate`), 'offer: id': inPath((text) => `/api/signing-keys/${text}/offer`, 'POST'),
  'service connection: username': inBody('POST', '/api/service-connections', (username) => ({ username })), 'service connection: login': inBody('POST', '/api/service-connections', (login) => ({ username: 'somebody@example.test', login })), 'service connection: site': inBody('POST', '/api/service-connections', (site) => ({ username: 'somebody@example.test', site })),
  'workspace: name': inBody('PUT', '/api/workspace', (name) => ({ name })), 'member: id': inPath((text) => `/api/members/${text}`, 'PUT', { role: 'viewer' }), 'member: role': inBody('PUT', `/api/members/${nobody}`, (role) => ({ role })),
  'invitation: role': inBody('POST', '/api/invitations', (role) => ({ note: 'Grace', role })), 'invitation: id': inPath((text) => `/api/invitations/${text}`, 'DELETE'), 'preview: invitation': inBody('POST', '/api/invitation-preview', (invitation) => ({ invitation })),
  'session: id': inPath((text) => `/api/sessions/${text}`, 'DELETE'), 'audit: before': inQuery('/api/audit', 'before'), 'any path': inPath((text) => `/api/${text}`), 'page of the portal': inPath((text) => `/c/${text}/pipeline`),
  'query: metric': asked((text) => ({ metrics: [text] })), 'query: parameter': asked((text) => ({ metrics: [{ id: 'pipeline.open_amount', params: { [text]: text } }] })), 'query: dimension': asked((text) => ({ dimensions: [text] })), 'query: field of a filter': asked((field) => ({ filters: [{ field, op: 'eq', value: 'x' }] })),
  'query: value equal': asked((value) => ({ filters: [{ field: 'stage', op: 'eq', value }] })), 'query: value contained': asked((value) => ({ filters: [{ field: 'stage', op: 'contains', value }] })), 'query: beginning': asked((value) => ({ filters: [{ field: 'stage', op: 'starts_with', value }] })), 'query: list': asked((value) => ({ filters: [{ field: 'owner', op: 'in', value: [value, 1, null] }] })),
  'query: value of an amount': asked((value) => ({ filters: [{ field: 'amount', op: 'gt', value }] })), 'query: grain': asked((timeGrain) => ({ timeGrain })), 'query: date': asked((asOf) => ({ asOf })), 'query: order': asked((by) => ({ orderBy: [{ by }] })),
  'queries: metric': late(() => inBody('POST', of('/queries'), (text) => ({ queries: [{ metrics: [text] }] }))),
};

function inQueryOf(method: string, path: string, name: string): Send {
  return (text) => client.ask(method, `${path}?${new URLSearchParams({ [name]: text }).toString()}`);
}

/** What is wrong with an answer to hostile input; undefined when nothing is. */
function wrongWith({ status, headers, text, body }: ApiAnswer<unknown>): string | undefined {
  if (status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (status < 400) return undefined;
  const { code } = (body ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !/^(?:[A-Z][A-Z0-9_]+|[a-z]+\.[a-z_]+)$/.test(code)) return `${status} without a code: ${text.slice(0, 200)}`;
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json')) return `${status} as ${headers.get('content-type')}`;
  return /\bat .*\.(js|ts):\d+|node_modules|syntax error|invalid byte sequence/i.test(text) ? `${status} says of the inside: ${text.slice(0, 200)}` : undefined;
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const item of waiting) await work(item);
  }));
}

describe('a hostile text', { timeout: 3_600_000 }, () => {
  it.each(Object.entries(inputs).map(([name, send], index) => [name, send, index] as const))('in %s is refused with a typed problem, or does no harm', async (_name, send, index) => {
    const wrong: string[] = [];
    await inTurn(hostileTexts.filter((_text, place) => place % step === index % step), async ({ text }) => {
      const fault = wrongWith(await send(text));
      if (fault !== undefined) wrong.push(`${JSON.stringify(text)}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });

  it('in a note is kept as it was written, or refused, and shown to nobody else as anything but text', async () => {
    const wrong: string[] = [];
    await inTurn(hostileTexts, async ({ text }) => {
      const made = await client.ask<{ invitation: { id: string; note: string } }>('POST', '/api/invitations', { note: text, role: 'viewer' });
      const fault = wrongWith(made);
      if (fault !== undefined) wrong.push(`${JSON.stringify(text)}: ${fault}`);
      if (made.status !== 201) return;
      const { id } = made.body.invitation;
      const { invitations } = await client.read<{ invitations: { id: string; note: string }[] }>('/api/invitations');
      const note = invitations.find((invitation) => invitation.id === id)?.note;
      if (note !== text) wrong.push(`${JSON.stringify(text)} reads back as ${JSON.stringify(note)}`);
      await client.ask('DELETE', `/api/invitations/${id}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('a hostile body', { timeout: 600_000 }, () => {
  it.each(['POST /api/session', 'POST /api/invitations', 'PUT /selection', 'PUT /sync-settings', 'POST /query', 'POST /queries', 'POST /api/service-connections'])('of %s is refused with a typed problem', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const wrong: string[] = [];
    await inTurn(hostileBodies, async (body) => {
      const response = await fetch(new URL(path.startsWith('/api') ? path : of(path), url), { method, headers: { cookie: client.cookies, 'content-type': 'application/json' }, body });
      const text = await response.text();
      const fault = wrongWith({ status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) as unknown : undefined });
      if (fault !== undefined) wrong.push(`${body.slice(0, 60)}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has given nobody another role', async () => {
    const { members } = await client.read<{ members: { isSelf: boolean; role: string }[] }>('/api/members');
    expect(members.find(({ isSelf }) => isSelf)?.role).toBe('owner');
    expect(({} as { role?: unknown }).role).toBeUndefined();
  });
});
