import { listConnections, readAudit, redeemSignIn } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { Asker, Browser, failureOf, locationOf, publicOrigin, redirectUri } from '../spec-support/auth-service.harness.ts';

const otherPerson = '0199aa00-0000-7000-8000-00000000000a';
let harness: AuthHarness;
let lateMs = 0;

beforeAll(async () => {
  harness = await AuthHarness.start({ now: () => new Date(Date.now() + lateMs) });
});

afterAll(() => harness?.stop());

beforeEach(() => {
  lateMs = 0;
  harness.simulator.faults.clear();
  harness.simulator.log.clear();
});

const exchanges = (): number => harness.simulator.log.entries().filter(({ grantType }) => grantType === 'authorization_code').length;

describe('the start', () => {
  it('asks Salesforce for exactly the scopes needed, with PKCE S256, state and nonce', async () => {
    const started = await new Browser(harness.auth).get('/connect/salesforce?return=/connections/new', { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    const { origin, pathname, searchParams } = new URL(locationOf(started));
    expect(started.status).toBe(303);
    expect(origin + pathname).toBe(`${harness.simulator.loginOrigin}/services/oauth2/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code', client_id: harness.simulator.client.id, redirect_uri: redirectUri, scope: 'openid api refresh_token', code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{43}$/), nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(started.headers.get('set-cookie')).toMatch(/^tributary-connect-[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    expect([started.headers.get('cache-control'), started.headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
  });

  it('keeps neither state nor verifier in clear', async () => {
    const browser = new Browser(harness.auth);
    const state = new URL(await browser.start()).searchParams.get('state') ?? '';
    const { rows } = await harness.auth.pool.query<{ row: string }>('select t::text as row from login_transaction t');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(state);
  });

  it.each([
    'https://evil.example', 'https://login.salesforce.com.evil.example', 'https://evilsalesforce.com', 'http://login.salesforce.com', 'https://login.salesforce.com:8443', 'https://user@login.salesforce.com',
    'https://acme.my.site.com', 'https://acme.salesforce-setup.com', 'http://127.0.0.1:1', 'http://localhost', 'https://169.254.169.254', 'javascript:alert(1)', 'https://login.salesforce.com%2eevil.example', '//evil.example',
  ])('refuses the login address %s', async (login) => {
    const refused = await new Browser(harness.auth).get(`/connect/salesforce?login=${encodeURIComponent(login)}`);
    expect([refused.status, failureOf(refused)]).toEqual([303, 'HOST_NOT_ALLOWED']);
    expect(locationOf(refused)).toMatch(/^\/connect\/failed\?code=HOST_NOT_ALLOWED&ref=[0-9a-f-]{36}$/);
  });

  it.each([
    ['login.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme--uat.sandbox.lightning.force.com/lightning/page/home', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ])('understands %s', async (login, origin) => {
    expect(new URL(await new Browser(harness.auth).start(login)).origin).toBe(origin);
  });

  it('begun again and again leaves a browser few cookies: its requests stay small, other cookies stay, and the newest round trip is heard', async () => {
    const browser = new Browser(harness.auth);
    browser.cookies.set('tributary', 'session');
    for (let number = 0; number < 20; number += 1) await browser.start();
    expect([browser.cookies.size, browser.cookies.get('tributary')]).toEqual([13, 'session']);
    const denied = await harness.simulator.approve(await browser.start(), { deny: true });
    expect(failureOf(await browser.get(denied))).toBe('CONSENT_DENIED');
  });

  it('asks first when another site started it', async () => {
    const browser = new Browser(harness.auth);
    const page = await browser.get(`/connect/salesforce?login=${harness.simulator.loginOrigin}&return=/c/x`, { 'sec-fetch-site': 'cross-site' });
    const html = await page.text();
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const link = /<a class="go" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(new URL(locationOf(await browser.get(link, { 'sec-fetch-site': 'same-origin' }))).origin).toBe(harness.simulator.loginOrigin);
  });
});

describe('a consent', () => {
  it('becomes a connection, a person and two events, and signs in once', async () => {
    const browser = new Browser(harness.auth);
    const finished = await browser.get(await harness.simulator.approve(await browser.start(undefined, '/connections/new?step=2')));
    expect([finished.status, locationOf(finished)]).toEqual([303, '/connections/new?step=2']);
    expect([finished.headers.get('cache-control'), finished.headers.get('referrer-policy'), browser.cookies.size]).toEqual(['no-store', 'no-referrer', 0]);
    const ticket = finished.headers.get('x-tributary-sign-in');
    const person = await harness.gateway.ask(redeemSignIn, { ticket });
    await expect(harness.gateway.ask(redeemSignIn, { ticket })).rejects.toMatchObject({ code: 'TICKET_INVALID', kind: 'unauthenticated' });
    const { connections } = await harness.gateway.ask(listConnections, { personId: person.personId });
    expect(connections).toMatchObject([{ id: person.connectionId, state: 'active', flow: 'web-server', loginOrigin: harness.simulator.loginOrigin, timeline: [{ kind: 'consented' }] }]);
    await until('both events are published', () => harness.bus.events.filter(({ subject }) => subject === person.connectionId).length >= 2);
    expect(harness.bus.events.filter(({ subject }) => subject === person.connectionId)).toMatchObject([
      { type: 'auth.connection.authorized', data: { personId: person.personId, workspaceId: person.workspaceId, reconnected: false, instanceUrl: harness.simulator.orgOrigin } },
      { type: 'auth.token.ready', data: { epoch: 1, flow: 'web-server' } },
    ]);
    expect((await harness.auth.pool.query('select from login_transaction where browser_hash is not null and state_hash = $1', ['x'])).rowCount).toBe(0);
  });

  it('that was denied says so and leaves nothing', async () => {
    const browser = new Browser(harness.auth);
    const denied = await harness.simulator.approve(await browser.start(), { deny: true, username: harness.simulator.users[1]?.username ?? '' });
    expect(failureOf(await browser.get(denied))).toBe('CONSENT_DENIED');
    expect(failureOf(await browser.get(denied))).toBe('STATE_UNKNOWN');
    expect(exchanges()).toBe(0);
  });

  it.each([
    ['a state nobody gave out', (callback: URL) => callback.searchParams.set('state', 'A'.repeat(43)), 'STATE_UNKNOWN'],
    ['no state', (callback: URL) => callback.searchParams.delete('state'), 'CALLBACK_INCOMPLETE'],
    ['no code', (callback: URL) => callback.searchParams.delete('code'), 'CALLBACK_INCOMPLETE'],
    ['two codes', (callback: URL) => callback.searchParams.append('code', 'x'), 'CALLBACK_INCOMPLETE'],
    ['another issuer', (callback: URL) => callback.searchParams.set('iss', 'https://evil.example'), 'ISSUER_DIFFERENT'],
    ['markup as error', (callback: URL) => callback.searchParams.set('error', '<script>alert(1)</script>'), 'SALESFORCE_UNREACHABLE'],
  ])('with %s is refused before anything is asked of Salesforce', async (_what, change, code) => {
    const browser = new Browser(harness.auth);
    const callback = new URL(await harness.simulator.approve(await browser.start()));
    change(callback);
    const refused = await browser.get(callback.href);
    expect(failureOf(refused)).toBe(code);
    expect(locationOf(refused)).not.toContain('script');
    expect(exchanges()).toBe(0);
  });

  it('cannot be replayed, nor finished in another browser, nor after ten minutes', async () => {
    const browser = new Browser(harness.auth);
    const callback = await harness.simulator.approve(await browser.start());
    expect(failureOf(await new Browser(harness.auth).get(callback))).toBe('BROWSER_DIFFERENT');
    expect(exchanges()).toBe(0);
    const cookies = new Map(browser.cookies);
    expect((await browser.get(callback)).headers.get('x-tributary-sign-in')).not.toBeNull();
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(failureOf(await browser.get(callback))).toBe('STATE_UNKNOWN');
    const late = await harness.simulator.approve(await browser.start());
    lateMs = 10 * 60_000 + 1_000;
    expect(failureOf(await browser.get(late))).toBe('STATE_EXPIRED');
    expect(exchanges()).toBe(1);
  });

  it('is exchanged once however many callbacks come in parallel', async () => {
    const browser = new Browser(harness.auth);
    const callback = await harness.simulator.approve(await browser.start());
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(Array.from({ length: 100 }, () => new Browser(harness.auth).get(callback, { cookie })));
    expect(answers.filter((answer) => answer.headers.get('x-tributary-sign-in') !== null)).toHaveLength(1);
    expect(new Set(answers.map(failureOf))).toEqual(new Set([null, 'STATE_UNKNOWN']));
    expect(exchanges()).toBe(1);
  });

  it('finished by somebody else than who started it, of the same workspace or of another, is refused before a token is asked for, and stays theirs who started it', async () => {
    const [person, colleague] = [await harness.connect(), await harness.connect(2)];
    harness.simulator.log.clear();
    const browser = new Browser(harness.auth, person.personId);
    const callback = await harness.simulator.approve(await browser.start());
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const other of [colleague.personId, otherPerson]) expect(failureOf(await new Browser(harness.auth, other).get(callback, { cookie }))).toBe('BROWSER_DIFFERENT');
    expect(exchanges()).toBe(0);
    expect((await browser.get(callback)).headers.get('x-tributary-sign-in')).not.toBeNull();
  });

  it('of a second user of the org makes a second person in the same workspace', async () => {
    const first = await harness.connect();
    const second = await harness.connect(2);
    expect(second.workspaceId).toBe(first.workspaceId);
    expect([second.personId === first.personId, second.connectionId === first.connectionId]).toEqual([false, false]);
  });

  it('repeated ten times keeps the connection and leaves one living grant', async () => {
    const first = await harness.connect();
    await harness.nothingToRevoke();
    harness.simulator.log.clear();
    for (let round = 0; round < 10; round += 1) expect((await harness.connect()).connectionId).toBe(first.connectionId);
    await harness.nothingToRevoke();
    expect(harness.simulator.log.entries().filter(({ path }) => path === '/services/oauth2/revoke').map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const grants = await harness.auth.pool.query<{ state: string; n: number }>('select state, count(*)::int as n from oauth_grant where connection_id = $1 group by state', [first.connectionId]);
    expect(grants.rows.find(({ state }) => state === 'live')?.n).toBe(1);
    expect((await harness.auth.pool.query('select from vault_key where owner_id in (select id from oauth_grant where connection_id = $1)', [first.connectionId])).rowCount).toBe(1);
    const leased = await (await Asker.as('ingest', harness.environment)).lease({ connectionId: first.connectionId });
    expect((await fetch(`${leased.instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${leased.accessToken}` } })).status).toBe(200);
  });
});

describe('an answer of the token endpoint', () => {
  const edited = (change: (answer: Record<string, string>) => void) => (body: string): string => {
    const answer = JSON.parse(body) as Record<string, string>;
    change(answer);
    return JSON.stringify(answer);
  };
  const flipped = (text = ''): string => `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`;

  it.each([
    ['whose signature has one character changed', edited((answer) => void (answer['signature'] = flipped(answer['signature']))), 'SIGNATURE_INVALID'],
    ['whose identity names another user', edited((answer) => void (answer['id'] = String(answer['id']).replace(/005.{15}$/, '005000000000000AAA'))), 'SIGNATURE_INVALID'],
    ['whose id token was changed', edited((answer) => void (answer['id_token'] = String(answer['id_token']).replace(/\.([^.]+)\./, (_all, claims: string) => `.${flipped(claims)}.`))), 'SIGNATURE_INVALID'],
    ['whose id token is of another sign-in', edited((answer) => void (answer['id_token'] = 'eyJhbGciOiJub25lIn0.eyJub25jZSI6IngifQ.')), 'SIGNATURE_INVALID'],
    ['that names a foreign data host', edited((answer) => void (answer['instance_url'] = 'https://evil.example')), 'HOST_NOT_ALLOWED'],
    ['that is a page', () => '<html>maintenance</html>', 'SALESFORCE_UNREACHABLE'],
  ])('%s is refused', async (_what, tamper, code) => {
    const browser = new Browser(harness.auth);
    const callback = await harness.simulator.approve(await browser.start());
    harness.simulator.faults.add({ match: { path: /oauth2\/token$/ }, answer: { tamper } });
    expect(failureOf(await browser.get(callback))).toBe(code);
  });

  it.each([
    ['503', { status: 503, body: 'busy' }, 'SALESFORCE_UNREACHABLE'],
    ['a cut connection', 'reset' as const, 'SALESFORCE_UNREACHABLE'],
    ['an expired code', { status: 400, body: '{"error":"invalid_grant","error_description":"expired authorization code"}' }, 'CODE_EXPIRED'],
    ['an app that is not installed', { status: 400, body: '{"error":"invalid_client","error_description":"app must be installed into org"}' }, 'APP_NOT_INSTALLED'],
    ['a blocked app', { status: 400, body: '{"error":"OAUTH_APP_BLOCKED","error_description":"x"}' }, 'APP_BLOCKED'],
    ['a wrong secret', { status: 400, body: '{"error":"invalid_client","error_description":"invalid client credentials"}' }, 'CLIENT_SECRET_WRONG'],
  ])('of %s is told by its cause', async (_what, answer, code) => {
    const browser = new Browser(harness.auth);
    const callback = await harness.simulator.approve(await browser.start());
    harness.simulator.faults.add({ match: { path: /oauth2\/token$/ }, answer });
    const failed = await browser.get(callback);
    expect(failureOf(failed)).toBe(code);
    expect(new URL(locationOf(failed), publicOrigin).searchParams.get('ref')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a consent that renews a connection', () => {
  const usernameOf = (user: number) => harness.simulator.users[user]?.username ?? '';
  const grants = async () => (await harness.auth.pool.query('select id, connection_id, state from oauth_grant order by id')).rows;
  /** Goes through Salesforce as a user, asked to renew a connection. */
  async function renew(connectionId: string, user: number): Promise<Response> {
    const browser = new Browser(harness.auth);
    const start = locationOf(await browser.get(`/connect/salesforce?connection=${connectionId}`));
    return browser.get(await harness.simulator.approve(start, { username: usernameOf(user) }));
  }

  it('is refused when somebody else gave it: nothing is stored, and what was granted is given back', async () => {
    const { connectionId } = await harness.connect(0);
    const before = await grants();
    harness.simulator.log.clear();
    const finished = await renew(connectionId, 1);
    expect([failureOf(finished), finished.headers.get('x-tributary-sign-in')]).toEqual(['IDENTITY_CHANGED', null]);
    expect(await grants()).toEqual(before);
    await until('the grant is given back', () => harness.simulator.log.entries().some(({ path, status }) => path === '/services/oauth2/revoke' && status === 200));
  });

  it('and failed is in the audit log of the workspace of whoever was signed in, with the cause and nothing from outside', async () => {
    const person = await harness.connect(0);
    const browser = new Browser(harness.auth, person.personId);
    const start = locationOf(await browser.get(`/connect/salesforce?connection=${person.connectionId}`));
    await browser.get(await harness.simulator.approve(start, { username: usernameOf(1) }));
    await browser.get('/connect/salesforce/callback?state=forged&code=x');
    const { records } = await harness.gateway.ask(readAudit, { personId: person.personId, limit: 20 });
    expect(records.filter(({ kind }) => kind === 'consent-failed').map(({ cause, person: who }) => [cause, who])).toEqual([['STATE_UNKNOWN', person.name], ['IDENTITY_CHANGED', person.name]]);
    await new Browser(harness.auth).get('/connect/salesforce/callback?state=forged&code=x');
    expect((await harness.gateway.ask(readAudit, { personId: person.personId, limit: 20 })).records.filter(({ kind }) => kind === 'consent-failed')).toHaveLength(2);
  });

  it('by its own user takes the place of the grant before; of a connection that is gone it makes a new one', async () => {
    const { connectionId } = await harness.connect(0);
    expect((await renew(connectionId, 0)).headers.get('x-tributary-sign-in')).not.toBeNull();
    expect((await grants()).filter((grant) => grant.connection_id === connectionId && grant.state === 'live')).toHaveLength(1);
    expect((await renew('0199aa00-0000-7000-8000-00000000dead', 1)).headers.get('x-tributary-sign-in')).not.toBeNull();
  });
});
