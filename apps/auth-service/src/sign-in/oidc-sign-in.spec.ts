import { invite, listProviders, type SignedInPerson } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Asker, Browser, anAuthService, failureOf, locationOf, publicOrigin, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { OpenIdServer } from '../spec-support/openid-server.harness.ts';
import { person, redeemed, signInAs } from '../spec-support/people.harness.ts';

const back = `${publicOrigin}/connect/oidc/acme/callback`;
let environment: ServiceEnvironment;
let simulator: Simulator;
let provider: OpenIdServer;
let auth: RunningAuth;
let gateway: Asker;
let owner: SignedInPerson;
let lateMs = 0;

const configured = () => ({
  TRIBUTARY_OIDC_PROVIDERS: JSON.stringify([
    { name: 'acme', label: 'Acme', issuer: provider.issuer, clientId: 'tributary', clientSecret: 'a-secret-of-the-operator' },
    { name: 'inside', label: 'Inside', issuer: 'https://localhost:1', clientId: 'x' },
  ]),
  SALESFORCE_EXTRA_ORIGINS: [...simulator.origins, provider.issuer].join(','),
});

/** One round trip through the provider by `accountId`. */
async function round(accountId: string, query: Record<string, string> = {}, { browser = new Browser(auth), edit = (url: string): string => url, headers = {} }: { browser?: Browser; edit?: (url: string) => string; headers?: Record<string, string> } = {}) {
  provider.next = { ...provider.next, accountId };
  const started = await browser.get(`/connect/oidc/acme?${new URLSearchParams(query)}`, headers);
  return redeemed(await browser.get(edit(await provider.approve(locationOf(started), back)), headers), gateway);
}

async function invited(accountId: string, role: 'analyst' | 'viewer' = 'analyst'): Promise<SignedInPerson> {
  const { link } = await gateway.ask(invite, { personId: owner.personId, request: { note: accountId, role } });
  return person(await round(accountId, { invitation: new URL(link).hash.slice(1), fresh: '1' }));
}

beforeAll(async () => {
  [environment, simulator, provider] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), OpenIdServer.start(back)]);
  auth = await anAuthService(environment, simulator, { variables: configured(), now: () => new Date(Date.now() + lateMs) });
  gateway = await Asker.as('gateway', environment);
  owner = person(await signInAs(auth, simulator, gateway, { user: 0 }));
});

afterAll(async () => {
  await gateway?.stop();
  await auth?.app.close();
  await Promise.all([simulator?.stop(), provider?.stop()]);
  await environment?.stop();
});

beforeEach(() => {
  lateMs = 0;
  provider.next = { accountId: 'grace' };
});

it('is offered by its name, and asks with PKCE S256, state and nonce', async () => {
  expect((await gateway.ask(listProviders, {})).providers[0]).toEqual({ name: 'acme', label: 'Acme', startPath: '/connect/oidc/acme' });
  const started = await new Browser(auth).get('/connect/oidc/acme', { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
  const { searchParams } = new URL(locationOf(started));
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code', client_id: 'tributary', redirect_uri: back, scope: 'openid profile email', code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{43}$/), nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect([started.headers.get('cache-control'), started.headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
});

it('begun again and again leaves a browser few cookies', async () => {
  const browser = new Browser(auth);
  for (let number = 0; number < 20; number += 1) await browser.get('/connect/oidc/acme');
  expect(browser.cookies.size).toBe(12);
});

it('lets nobody in who was not invited, and says so', async () => {
  expect(await round('mallory')).toBe('NOT_INVITED');
  expect((await auth.pool.query("select from person where subject = 'mallory'")).rowCount).toBe(0);
});

it('lets somebody in by an invitation, and knows them again without one', async () => {
  const grace = await invited('grace');
  expect(grace).toMatchObject({ name: 'grace of the provider', email: 'grace@acme.test', role: 'analyst', workspaceId: owner.workspaceId, connectionId: null });
  expect(person(await round('grace', { return: '/settings' })).personId).toBe(grace.personId);
  // The same address at another issuer is somebody else.
  await auth.pool.query("update person set email = 'twin@acme.test' where id = $1", [owner.personId]);
  expect((await invited('twin')).personId).not.toBe(owner.personId);
});

it('lets a person of a provider connect an org, which then belongs to them', async () => {
  const ada = await invited('ada');
  const connected = person(await signInAs(auth, simulator, gateway, { user: 1, personId: ada.personId }));
  expect(connected).toMatchObject({ personId: ada.personId, connectionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
});

it.each([
  ['a state nobody gave out', (url: URL) => url.searchParams.set('state', 'A'.repeat(43)), 'STATE_UNKNOWN'],
  ['no state', (url: URL) => url.searchParams.delete('state'), 'CALLBACK_INCOMPLETE'],
  ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'PROVIDER_REFUSED'],
  ['another code', (url: URL) => url.searchParams.set('code', 'made-up'), 'PROVIDER_REFUSED'],
])('refuses a callback with %s', async (_what, change, code) => {
  await invited('grace');
  expect(await round('grace', {}, { edit: (address) => {
    const url = new URL(address);
    change(url);
    return url.href;
  } })).toBe(code);
});

it('takes a callback once, in its own browser, within ten minutes, and never at another provider', async () => {
  const browser = new Browser(auth);
  const callback = await provider.approve(locationOf(await browser.get('/connect/oidc/acme')), back);
  const cookies = new Map(browser.cookies);
  const again = (address: string) => {
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    return browser.get(address).then(failureOf);
  };
  expect(failureOf(await new Browser(auth).get(callback))).toBe('BROWSER_DIFFERENT');
  expect(await again(callback.replace('/oidc/acme/', '/oidc/inside/'))).toBe('STATE_UNKNOWN');
  expect(await again(callback.replace('/oidc/acme/', '/salesforce/'))).toBe('STATE_UNKNOWN');
  lateMs = 10 * 60_000 + 1_000;
  expect(await again(callback)).toBe('STATE_EXPIRED');
  lateMs = 0;
  const used = await provider.approve(locationOf(await browser.get('/connect/oidc/acme')), back);
  const kept = new Map(browser.cookies);
  await browser.get(used);
  for (const [name, value] of kept) browser.cookies.set(name, value);
  expect(failureOf(await browser.get(used))).toBe('STATE_UNKNOWN');
});

it('tells a cancelled sign-in by its code alone', async () => {
  provider.next = { accountId: 'grace', deny: true };
  expect(await round('grace', { fresh: '1' })).toBe('CONSENT_DENIED');
});

it('asks the person again when a fresh sign-in is wanted, and takes no old one for it', async () => {
  const grace = await invited('grace');
  const asked = provider.asked;
  await round('grace');
  expect(provider.asked).toBe(asked);
  const fresh = person(await round('grace', { fresh: '1' }));
  expect(provider.asked).toBe(asked + 1);
  expect(Date.now() - Date.parse(fresh.authenticatedAt)).toBeLessThan(30_000);
  provider.next = { accountId: 'grace', signedInAt: Math.floor(Date.now() / 1_000) - 3_600 };
  expect(await round('grace', { fresh: '1' })).toBe('SIGN_IN_NOT_FRESH');
  expect(grace.role).toBe('analyst');
});

it('reaches no address inside the network, and only providers that are set up', async () => {
  expect(failureOf(await new Browser(auth).get('/connect/oidc/inside'))).toBe('PROVIDER_UNREACHABLE');
  expect(failureOf(await new Browser(auth).get('/connect/oidc/other'))).toBe('PROVIDER_UNKNOWN');
});

it('gives a workspace of their own only where the operator wants that', async () => {
  const open = await anAuthService(environment, simulator, { variables: { ...configured(), TRIBUTARY_OIDC_OWN_WORKSPACES: 'yes' } });
  const lin = person(await round('lin', {}, { browser: new Browser(open) }));
  expect([lin.role, lin.workspaceId === owner.workspaceId, lin.workspaceName]).toEqual(['owner', false, 'lin of the provider']);
  await open.app.close();
});

it('asks first when another site started it', async () => {
  const page = await new Browser(auth).get('/connect/oidc/acme?return=/c/x', { 'sec-fetch-site': 'cross-site' });
  expect([page.status, page.headers.get('set-cookie'), (await page.text()).includes('href="/connect/oidc/acme?return=%2Fc%2Fx"')]).toEqual([200, null, true]);
});

it('keeps what the provider says of the proof: with the session, and in the audit log', async () => {
  await invited('mia');
  provider.next = { accountId: 'mia', amr: ['pwd', 'otp'], acr: 'urn:acme:silver' };
  const mia = person(await round('mia', { fresh: '1' }));
  expect(mia.proof).toEqual({ methods: ['pwd', 'otp'], context: 'urn:acme:silver', secondFactor: true });
  const { rows } = await auth.pool.query("select text from audit_entry where person_id = $1 and kind = 'signed-in' order by id desc limit 1", [mia.personId]);
  expect(rows).toEqual([{ text: 'mia of the provider signed in with Acme and a second factor (pwd, otp, context urn:acme:silver).' }]);
  provider.next = { accountId: 'mia' };
  expect(person(await round('mia', { fresh: '1' })).proof.methods).toEqual([]);
});
