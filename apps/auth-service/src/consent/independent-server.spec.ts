import { createHash } from 'node:crypto';
import { redeemSignIn } from '@tributary/api-contracts';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Asker, Browser, anAuthService, failureOf, locationOf, publicOrigin, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { IndependentServer, MaliciousServer } from '../spec-support/independent-server.harness.ts';

// The standard parts against a server that others have written: what our own simulator might get wrong the same way as we do.

let environment: ServiceEnvironment;
let server: IndependentServer;
let malicious: MaliciousServer;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;

beforeAll(async () => {
  [environment, server] = await Promise.all([aServiceEnvironment(), new IndependentServer().start()]);
  malicious = await new MaliciousServer(server.origin).start();
  auth = await anAuthService(environment, { loginOrigin: server.origin, origins: [server.origin, malicious.origin], client: server.client });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await Promise.all([server?.stop(), malicious?.stop()]);
  await environment?.stop();
});

beforeEach(() => {
  server.tokenRequests.length = 0;
  server.claimedIssuer = undefined;
  server.idTokenClaims = undefined;
});

const stored = async (): Promise<unknown> => (await auth.pool.query('select (select count(*)::int from person) as people, (select count(*)::int from connection) as connections, count(*)::int as grants, max(epoch) as epoch from oauth_grant')).rows[0];

it('connects by code and PKCE with a verified id token, and refreshes under rotation with reuse detection', async () => {
  const browser = new Browser(auth);
  const started = await browser.start();
  expect(Object.fromEntries(new URL(started).searchParams)).toMatchObject({ code_challenge_method: 'S256', scope: 'openid api refresh_token', response_type: 'code' });
  const finished = await browser.get(await server.approve(started));
  expect([finished.status, locationOf(finished)]).toEqual([303, '/']);
  expect(server.tokenRequests.map((request) => [request.get('grant_type'), request.has('code_verifier')])).toEqual([['authorization_code', true]]);
  const { connectionId } = await gateway.ask(redeemSignIn, { ticket: finished.headers.get('x-tributary-sign-in') });
  if (connectionId === null) throw new Error('the consent made no connection');

  let lease = await ingest.lease({ connectionId });
  for (let round = 0; round < 3; round += 1) {
    const renewed = await Promise.all(Array.from({ length: 5 }, () => ingest.lease({ connectionId, rejectedEpoch: lease.epoch })));
    expect(new Set(renewed.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(renewed[0]?.epoch).toBe(lease.epoch + 1);
    lease = renewed[0] ?? lease;
  }
  const presented = server.tokenRequests.filter((request) => request.get('grant_type') === 'refresh_token').map((request) => request.get('refresh_token'));
  expect([presented.length, new Set(presented).size]).toEqual([3, 3]);
});

it('keeps the verifier of a start sealed until it is presented, once, and leaves nothing of it', async () => {
  const starts = async (): Promise<string> => JSON.stringify((await auth.pool.query("select t as start, v as sealed, k as key from login_transaction t left join vault_entry v on v.owner_id = t.id left join vault_key k on k.owner_id = t.id order by t.id")).rows);
  const [browser, before] = [new Browser(auth), await starts()];
  const started = await browser.start();
  const kept = await starts();
  expect((await browser.get(await server.approve(started))).headers.get('x-tributary-sign-in')).not.toBeNull();
  const presented = server.tokenRequests.map((request) => request.get('code_verifier') ?? '');
  expect(presented.map((verifier) => createHash('sha256').update(verifier).digest('base64url'))).toEqual([new URL(started).searchParams.get('code_challenge')]);
  expect([kept.includes('"sealed":null'), kept.length > before.length]).toEqual([false, true]);
  expect((['utf8', 'hex', 'base64', 'base64url'] as const).filter((form) => kept.includes(Buffer.from(presented[0] ?? '').toString(form)))).toEqual([]);
  expect(await starts()).toBe(before);
  expect((await auth.pool.query("select from vault_entry where field = 'login' and owner_id not in (select id from login_transaction)")).rowCount).toBe(0);
});

it('gives nothing for a code that somebody else carries into a sign-in of their own: the verifier of that one does not fit', async () => {
  const [victim, attacker] = [new Browser(auth), new Browser(auth)];
  const stolen = new URL(await server.approve(await victim.start())).searchParams.get('code') ?? '';
  const own = new URL(await server.approve(await attacker.start()));
  own.searchParams.set('code', stolen);
  const before = await stored();
  const injected = await attacker.get(own.href);
  expect([failureOf(injected), injected.headers.get('x-tributary-sign-in')]).toEqual(['CODE_EXPIRED', null]);
  expect(server.tokenRequests.map((request) => [request.get('code'), request.has('code_verifier')])).toEqual([[stolen, true]]);
  expect(await stored()).toEqual(before);
});

it('refuses the answer of another issuer than the one asked, and no code leaves', async () => {
  const browser = new Browser(auth);
  const callback = new URL(await server.approve(await browser.start()));
  expect(callback.searchParams.get('iss')).toBe(server.origin);
  callback.searchParams.set('iss', 'https://login.salesforce.com');
  const before = await stored();
  expect(failureOf(await browser.get(callback.href))).toBe('ISSUER_DIFFERENT');
  expect([server.tokenRequests, await stored()]).toEqual([[], before]);
});

describe('an id token', () => {
  it.each<[string, () => void]>([
    ['of a server whose document names another issuer', () => void (server.claimedIssuer = malicious.origin)],
    ['that names another issuer, under the right key', () => void (server.idTokenClaims = { iss: malicious.origin })],
    ['whose issuer differs by a path, under the right key', () => void (server.idTokenClaims = { iss: `${server.origin}/elsewhere` })],
    ['for another app, under the right key', () => void (server.idTokenClaims = { aud: 'another-app' })],
    ['for other apps alone, under the right key', () => void (server.idTokenClaims = { aud: ['another-app', `${server.client.id}-2`] })],
  ])('%s is refused on the page that says so; what was granted goes back, and nothing is stored', async (_whose, arrange) => {
    arrange();
    const browser = new Browser(auth);
    const before = await stored();
    const refused = await browser.get(await server.approve(await browser.start()));
    expect([refused.status, failureOf(refused), refused.headers.get('x-tributary-sign-in')]).toEqual([303, 'SIGNATURE_INVALID', null]);
    expect(server.tokenRequests.map((request) => request.get('grant_type'))).toEqual(['authorization_code']);
    await until('the grant is given back', () => server.revoked.includes(server.given.at(-1) ?? ''));
    expect(await stored()).toEqual(before);
  });

  it('signed anew that says what it should is taken: the cases above fail for what they say', async () => {
    server.idTokenClaims = { iss: server.origin, aud: [server.client.id, 'another-app'] };
    const browser = new Browser(auth);
    const finished = await browser.get(await server.approve(await browser.start()));
    expect([failureOf(finished), finished.headers.get('x-tributary-sign-in')]).toEqual([null, expect.any(String)]);
  });
});

it('gives a malicious server that sends people on to an honest one neither code nor verifier', async () => {
  const browser = new Browser(auth);
  const started = await browser.start(malicious.origin);
  expect(new URL(started).origin).toBe(malicious.origin);
  const callback = new URL(await server.approve(started), publicOrigin);
  const code = callback.searchParams.get('code') ?? 'none';
  expect(failureOf(await browser.get(callback.href))).toBe('ISSUER_DIFFERENT');
  expect(malicious.heard.map((heard) => heard.split('?', 1)[0])).toEqual(['GET /services/oauth2/authorize']);
  expect(malicious.heard.join('\n')).not.toContain(code);
  expect(malicious.heard.join('\n')).not.toContain('code_verifier');
});

it('meets a server that ends a grant whose refresh token comes twice: none of the refreshes above did that', async () => {
  const browser = new Browser(auth);
  const finished = await browser.get(await server.approve(await browser.start()));
  const { connectionId } = await gateway.ask(redeemSignIn, { ticket: finished.headers.get('x-tributary-sign-in') });
  const { epoch } = await ingest.lease({ connectionId });
  const renewed = await ingest.lease({ connectionId, rejectedEpoch: epoch });
  const used = server.tokenRequests.at(-1)?.get('refresh_token') ?? '';
  const again = await fetch(`${server.origin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: used, client_id: server.client.id, client_secret: server.client.secret }) });
  expect([again.status, await again.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  await expect(ingest.lease({ connectionId, rejectedEpoch: renewed.epoch })).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
});
