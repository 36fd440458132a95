import { hostCorpus } from '@tributary/testing/host-corpus';
import { IdTokenForge, tamperings } from '@tributary/testing/id-token-forge';
import { until } from '@tributary/testing';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { Browser, failureOf, locationOf, publicOrigin } from '../spec-support/auth-service.harness.ts';

let harness: AuthHarness;
let forge: IdTokenForge;

beforeAll(async () => {
  [harness, forge] = await Promise.all([AuthHarness.start(), IdTokenForge.make()]);
});

afterAll(() => harness?.stop());

afterEach(() => harness.simulator.faults.clear());

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
