import type { FaultAnswer } from '@tributary/salesforce-simulator';
import { hostCorpus } from '@tributary/testing/host-corpus';
import { IdTokenForge, tamperings } from '@tributary/testing/id-token-forge';
import { until } from '@tributary/testing';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { Browser, failureOf, locationOf, publicOrigin } from '../spec-support/auth-service.harness.ts';

let harness: AuthHarness;
let forge: IdTokenForge;
let scopes: string[];

beforeAll(async () => {
  [harness, forge] = await Promise.all([AuthHarness.start(), IdTokenForge.make()]);
  ({ scopes } = harness.simulator.settings);
});

afterAll(() => harness?.stop());

afterEach(() => {
  harness.simulator.faults.clear();
  harness.simulator.settings.scopes = scopes;
});

/** Rows of everything a consent leaves behind when it succeeds, or begins. */
async function stored(): Promise<unknown> {
  const tables = ['login_transaction', 'workspace', 'person', 'connection', 'oauth_grant', 'vault_key', 'vault_entry', 'sign_in_ticket', 'audit_entry', 'outbox', 'revocation'];
  return (await harness.auth.pool.query(`select ${tables.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ')}`)).rows[0];
}

describe('a sign-in address that is not one of Salesforce', () => {
  // No address at all means the installation's own.
  it.each(hostCorpus.filter(({ address, verdict }) => address !== '' && (verdict === 'refused' || verdict === 'data')))('$address is refused with the page that says so, and nothing is begun: $reason', async ({ address }) => {
    const before = await stored();
    const browser = new Browser(harness.auth);
    const refused = await browser.get(`/connect/salesforce?${new URLSearchParams({ login: address })}`);
    expect([refused.status, locationOf(refused), browser.cookies.size]).toEqual([303, expect.stringMatching(/^\/connect\/failed\?code=HOST_NOT_ALLOWED&ref=[0-9a-f-]{36}$/), 0]);
    expect(await stored()).toEqual(before);
  });
});

/** Requests for tokens since the log was cleared. */
const exchanges = (): number[] => harness.simulator.log.entries().filter(({ path }) => path === '/services/oauth2/token').map(({ status }) => status);
const approve = (started: string | URL, deny = false): Promise<string> => harness.simulator.approve(String(started), { deny, username: harness.simulator.users[1]?.username ?? '' });

function expectFailurePage(refused: Response, code: string): void {
  expect([refused.status, refused.headers.get('x-tributary-sign-in'), locationOf(refused)]).toEqual([303, null, expect.stringMatching(new RegExp(`^/connect/failed\\?code=${code}&ref=[0-9a-f-]{36}$`))]);
}

describe('a browser that Salesforce sends back', () => {
  /** The callback as Salesforce writes it for a request that was changed on its way. */
  const changed = (change: (request: URL) => void) => async (started: string): Promise<string> => {
    const request = new URL(started);
    change(request);
    return approve(request);
  };
  /** A callback with an error that the simulator tells on a page of its own, as Salesforce mostly does. */
  const withError = (error: string, description = '') => async (started: string): Promise<string> => {
    const { searchParams } = new URL(started);
    return `${searchParams.get('redirect_uri')}?${new URLSearchParams({ error, error_description: description, state: searchParams.get('state') ?? '' })}`;
  };

  it.each<[string, (started: string) => Promise<string>, string]>([
    ['with a denial', (started) => approve(started, true), 'CONSENT_DENIED'],
    ['because the app lacks a scope (invalid_scope)', (started) => {
      harness.simulator.settings.scopes = ['api', 'openid'];
      return approve(started);
    }, 'SCOPE_MISSING'],
    ['because the challenge is missing (invalid_request)', changed(({ searchParams }) => searchParams.delete('code_challenge')), 'PKCE_MISMATCH'],
    ['because a parameter is not understood (invalid_request)', withError('invalid_request', 'unsupported parameter'), 'APP_MISCONFIGURED'],
    ['because the flow is switched off (unsupported_response_type)', changed(({ searchParams }) => searchParams.set('response_type', 'token')), 'APP_MISCONFIGURED'],
    ['because the app is blocked', withError('OAUTH_APP_BLOCKED', 'this app is blocked by admin'), 'APP_BLOCKED'],
    ['because the app is not installed', withError('OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occured during authentication.'), 'APP_NOT_INSTALLED'],
    ['in the name of another sign-in host', async (started) => `${await approve(started)}&iss=https://evil.example`, 'ISSUER_DIFFERENT'],
  ])('%s is told the cause; no token is asked for, and nothing is stored', async (_why, sentBack, code) => {
    const before = await stored();
    harness.simulator.log.clear();
    const browser = new Browser(harness.auth);
    expectFailurePage(await browser.get(await sentBack(await browser.start())), code);
    expect(exchanges()).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['nobody gave out', async () => 'A'.repeat(43), 'STATE_UNKNOWN'],
    ['was given to another browser', async () => new URL(await new Browser(harness.auth).start()).searchParams.get('state') ?? '', 'BROWSER_DIFFERENT'],
  ])('with a state that %s is refused and changes nothing: what it has begun it can still finish', async (_whose, forged, code) => {
    const browser = new Browser(harness.auth);
    const callback = new URL(await approve(await browser.start()));
    const [genuine, state] = [callback.href, await forged()];
    const before = await stored();
    harness.simulator.log.clear();
    callback.searchParams.set('state', state);
    expectFailurePage(await browser.get(callback.href), code);
    expect(exchanges()).toEqual([]);
    expect(await stored()).toEqual(before);
    expect((await browser.get(genuine)).headers.get('x-tributary-sign-in')).toEqual(expect.any(String));
    // Or it would change the counts of the next test.
    await until('what it replaced is given back', async () => (await harness.auth.pool.query('select from revocation')).rowCount === 0);
  });
});

describe('an answer of Salesforce', () => {
  const refused = (error: string, error_description: string) => ({ status: 400, body: JSON.stringify({ error, error_description }) });
  const token = /oauth2\/token$/;

  // Each has a name of its own among the causes, and the portal one text for several of them.
  it.each<[string, RegExp, FaultAnswer, string]>([
    ['that is none (AS_UNAVAILABLE)', token, { status: 503, body: '<html>maintenance</html>' }, 'SALESFORCE_UNREACHABLE'],
    ['that was lost (REFRESH_AMBIGUOUS)', token, 'lose-response', 'SALESFORCE_UNREACHABLE'],
    ['that another request is under way (REFRESH_BUSY)', token, refused('invalid_grant', 'token request is already being processed'), 'SALESFORCE_UNREACHABLE'],
    ['of more than a mebibyte (ANSWER_TOO_LARGE)', token, { status: 200, body: ' '.repeat(1024 ** 2 + 1) }, 'SALESFORCE_UNREACHABLE'],
    ['that a scope is not registered (SCOPE_NOT_REGISTERED)', token, refused('invalid_scope', 'the requested scope is invalid, unknown, or malformed'), 'SCOPE_MISSING'],
    ['that the code is none (REVOKED_OR_UNKNOWN)', token, refused('invalid_grant', 'expired access/refresh token'), 'CODE_EXPIRED'],
    ['that the app is not approved (NOT_PRE_AUTHORISED)', token, refused('invalid_grant', "user hasn't approved this consumer"), 'NOT_ADMIN_APPROVED'],
    ['that the audience is another (WRONG_AUDIENCE)', token, refused('invalid_grant', 'audience is invalid'), 'APP_MISCONFIGURED'],
    ['that the assertion is invalid (CERTIFICATE_MISMATCH)', token, refused('invalid_grant', 'invalid assertion'), 'APP_MISCONFIGURED'],
    ['that does not say who consented (IDENTITY_NOT_READABLE)', /^\/id\/00D/, { status: 403, body: 'Bad_OAuth_Token' }, 'IDENTITY_UNREADABLE'],
  ])('%s leads to the page of its cause, and nothing is stored', async (_what, path, answer, code) => {
    const before = await stored();
    const browser = new Browser(harness.auth);
    const callback = await approve(await browser.start());
    harness.simulator.faults.add({ match: { path }, answer });
    expectFailurePage(await browser.get(callback), code);
    expect(await stored()).toEqual(before);
  });
});

describe('an id token', () => {
  const lair = 'http://localhost:1';

  /** A round trip in which the login host publishes the forge's key and answers with a token of `make`. */
  async function finish(make: (claims: JWTPayload) => Promise<string>): Promise<Response> {
    const { client, loginOrigin, faults } = harness.simulator;
    const browser = new Browser(harness.auth);
    const started = await browser.start();
    const callback = await harness.simulator.approve(started, { username: harness.simulator.users[1]?.username ?? '' });
    const { rows: [{ sub } = { sub: '' }] } = await harness.auth.pool.query<{ sub: string }>("select 'https://login.salesforce.com/id/' || org_id || '/' as sub from connection limit 1");
    const now = Math.floor(Date.now() / 1_000);
    const token = await make({ iss: loginOrigin, aud: client.id, sub: `${sub}${harness.simulator.users[1]?.userId}`, nonce: new URL(started).searchParams.get('nonce') ?? '', iat: now, exp: now + 120 });
    faults.add({ match: { path: /^\/id\/keys$/ }, answer: { status: 200, body: JSON.stringify(forge.published) } });
    faults.add({ match: { path: /oauth2\/token$/ }, answer: { tamper: (body) => JSON.stringify({ ...(JSON.parse(body) as object), id_token: token }) } });
    harness.simulator.log.clear();
    return browser.get(callback);
  }

  beforeAll(async () => {
    await harness.connect(0);
  });

  it.each(tamperings)('with %s ends on the page that says so; what Salesforce gave is given back, and nothing is stored', async (kind) => {
    const before = await stored();
    const refused = await finish((claims) => forge.tampered(kind, claims, lair));
    expect([refused.status, failureOf(refused), refused.headers.get('x-tributary-sign-in')]).toEqual([303, 'SIGNATURE_INVALID', null]);
    expect(new URL(locationOf(refused), publicOrigin).pathname).toBe('/connect/failed');
    await until('the grant is given back', () => harness.simulator.log.entries().some(({ path, status }) => path === '/services/oauth2/revoke' && status === 200));
    expect(await stored()).toEqual(before);
  });

  it('that is untouched is taken: the cases above fail for what they change', async () => {
    const finished = await finish((claims) => forge.signed(claims));
    expect([failureOf(finished), finished.headers.get('x-tributary-sign-in')]).toEqual([null, expect.any(String)]);
  });
});
