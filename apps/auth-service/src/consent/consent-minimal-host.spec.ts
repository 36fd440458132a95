import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { redeemSignIn, listConnections } from '@tributary/api-contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Asker, Browser, anAuthService, failureOf, locationOf, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { MinimalLoginHost, minimalOrg } from '../spec-support/minimal-login-host.harness.ts';

let environment: ServiceEnvironment;
let host: MinimalLoginHost;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;

beforeAll(async () => {
  [environment, host] = await Promise.all([aServiceEnvironment(), new MinimalLoginHost().start()]);
  auth = await anAuthService(environment, { loginOrigin: host.origin, origins: [host.origin], client: { id: 'the-app' } });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await host?.stop();
  await environment?.stop();
});

beforeEach(() => Object.assign(host.settings, { tokenAnswer: {}, identity: {} }));

it('connects to a server without id token, signature, discovery and keys', async () => {
  const browser = new Browser(auth);
  const finished = await browser.get(host.approve(await browser.start()));
  expect([finished.status, locationOf(finished)]).toEqual([303, '/']);
  const person = await gateway.ask(redeemSignIn, { ticket: finished.headers.get('x-tributary-sign-in') });
  const { connections: [connection] } = await gateway.ask(listConnections, { personId: person.personId });
  expect(connection).toMatchObject({ id: person.connectionId, state: 'active', attention: null, org: { id: minimalOrg.orgId }, user: { name: 'Ada Example', username: 'ada@acme.test' } });
  const lease = await ingest.lease({ connectionId: person.connectionId });
  expect(lease).toMatchObject({ epoch: 1, flow: 'web-server', instanceUrl: host.origin });
  const renewed = await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: 1 });
  expect(renewed).toMatchObject({ epoch: 2, flow: 'refresh-token' });
  expect(renewed.accessToken).not.toBe(lease.accessToken);
});

it.each([
  ['another user than the identity URL', () => ({ identity: { user_id: '005XX0000001OthAAA' } }), 'IDENTITY_CHANGED'],
  ['no refresh token', () => ({ tokenAnswer: { refresh_token: undefined } }), 'SCOPE_MISSING'],
  ['the scope full', () => ({ tokenAnswer: { scope: 'full refresh_token' } }), 'SCOPE_TOO_WIDE'],
  ['the scope web', () => ({ tokenAnswer: { scope: 'api web refresh_token' } }), 'SCOPE_TOO_WIDE'],
  ['no api scope', () => ({ tokenAnswer: { scope: 'id refresh_token' } }), 'SCOPE_MISSING'],
  ['a data host elsewhere', () => ({ tokenAnswer: { instance_url: 'http://169.254.169.254' } }), 'HOST_NOT_ALLOWED'],
])('refuses %s, stores nothing and gives the grant back', async (_what, settings, code) => {
  Object.assign(host.settings, settings());
  const browser = new Browser(auth);
  const before = await rows();
  const revoked = host.revoked.length;
  const finished = await browser.get(host.approve(await browser.start()));
  expect(failureOf(finished)).toBe(code);
  expect(finished.headers.get('x-tributary-sign-in')).toBeNull();
  expect(await rows()).toEqual(before);
  if (code !== 'HOST_NOT_ALLOWED') await until('the grant is given back', () => host.revoked.length > revoked);
});

async function rows(): Promise<unknown> {
  return (await auth.pool.query('select (select count(*) from connection) as connections, (select max(epoch) from oauth_grant) as epoch, (select count(*) from vault_entry) as secrets')).rows[0];
}
