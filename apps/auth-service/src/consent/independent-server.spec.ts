import { redeemSignIn } from '@tributary/api-contracts';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
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
});

const grants = async (): Promise<unknown> => (await auth.pool.query('select count(*)::int as grants, max(epoch) as epoch from oauth_grant')).rows[0];

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

it('refuses the answer of another issuer than the one asked, and no code leaves', async () => {
  const browser = new Browser(auth);
  const callback = new URL(await server.approve(await browser.start()));
  expect(callback.searchParams.get('iss')).toBe(server.origin);
  callback.searchParams.set('iss', 'https://login.salesforce.com');
  const before = await grants();
  expect(failureOf(await browser.get(callback.href))).toBe('ISSUER_DIFFERENT');
  expect([server.tokenRequests, await grants()]).toEqual([[], before]);
});

it('refuses an id token of another issuer, and stores nothing', async () => {
  server.claimedIssuer = malicious.origin;
  const browser = new Browser(auth);
  const before = await grants();
  expect(failureOf(await browser.get(await server.approve(await browser.start())))).toBe('SIGNATURE_INVALID');
  expect(await grants()).toEqual(before);
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
