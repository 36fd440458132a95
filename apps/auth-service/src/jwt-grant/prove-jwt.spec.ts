import { randomUUID } from 'node:crypto';
import { connectByJwt, getConnection, listSigningKeys, makeSigningKey, proveJwt, readCertificate, type JwtProof } from '@tributary/api-contracts';
import { PersonId } from '@tributary/event-contracts';
import type { Simulator } from '@tributary/salesforce-simulator';
import { until } from '@tributary/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';
import { SigningKeys } from '../signing-key/signing-keys.ts';

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
  person = await harness.connect();
});

afterAll(() => harness?.stop());

afterEach(() => {
  harness.simulator.faults.clear();
  Object.assign(harness.simulator.settings, { appInstalled: true, permittedUsers: 'all', preauthorisedUsers: [], inactiveUsers: [], orgInactive: false, userIpBlocked: false });
});

const username = () => harness.simulator.users[0]?.username ?? '';
const prove = (): Promise<JwtProof> => harness.gateway.ask(proveJwt, { personId: person.personId, connectionId: person.connectionId });
const shown = () => harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const jwtGrants = async () => (await harness.auth.pool.query("select state from oauth_grant where connection_id = $1 and kind = 'jwt'", [person.connectionId])).rows;
const assertionFault = (answer: Parameters<Simulator['faults']['add']>[0]['answer'], more: { host?: 'login' | 'org'; times?: number } = {}): void =>
  harness.simulator.faults.add({ match: { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...more }, answer });
const refused = (error: string, error_description: string) => ({ status: 400, body: JSON.stringify({ error, error_description }) });

it('says that a signing key is needed as long as there is none', async () => {
  expect(await prove()).toMatchObject({ proven: false, cause: 'no-signing-key', tries: [], steps: expect.arrayContaining([expect.stringContaining('Make a signing key')]) });
});

describe('with a certificate that is not at Salesforce', () => {
  it('names the certificate, what to do, and every try', async () => {
    const key = await harness.gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
    expect(key).toMatchObject({ state: 'created', origin: 'generated', bits: 2048, daysLeft: 365 });
    const certificate = await harness.gateway.ask(readCertificate, { personId: person.personId, keyId: key.id });
    expect(certificate.pem).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect((await harness.gateway.ask(listSigningKeys, { personId: person.personId })).keys[0]).toMatchObject({ id: key.id, state: 'created' });
    const proof = await prove();
    expect(proof).toMatchObject({ proven: false, cause: 'certificate-mismatch', who: 'admin' });
    expect(proof.steps.join(' ')).toContain(key.fingerprint);
    // It is compared with what Salesforce shows, where many begin alike.
    expect(proof.steps.join(' ')).toContain(harness.simulator.client.id);
    // The org's own host first, then the login host; a simulator is its own audience.
    expect(proof.tries.map(({ host, audience, outcome }) => [host, audience, outcome])).toEqual([
      [new URL(harness.simulator.orgOrigin).host, harness.simulator.loginOrigin, 'refused'], [new URL(harness.simulator.loginOrigin).host, harness.simulator.loginOrigin, 'refused'],
    ]);
    harness.simulator.app.setCertificates([certificate.pem]);
  });
});

describe('a refusal', () => {
  const settings = (change: () => Partial<Simulator['settings']>) => () => void Object.assign(harness.simulator.settings, change());
  it.each<[string, () => void, string, string]>([
    ['for want of pre-authorisation', () => assertionFault(refused('invalid_grant', "user hasn't approved this consumer")), 'not-pre-authorised', 'pre-authorized'],
    ['of the audience', () => assertionFault(refused('invalid_grant', 'audience is invalid')), 'wrong-audience', 'login address'],
    ['of the audience, as documented', () => assertionFault(refused('invalid_grant', 'Audience validation failed')), 'wrong-audience', 'login address'],
    ['for a missing app', settings(() => ({ appInstalled: false })), 'app-not-installed', 'install the app'],
    ['of the consumer key', () => assertionFault(refused('invalid_client_id', 'client identifier invalid')), 'client-id-unknown', 'SALESFORCE_CLIENT_ID'],
    ['for want of an admin approval', settings(() => ({ permittedUsers: 'admin-approved' })), 'not-admin-approved', 'permission set'],
    ['of the clock', () => assertionFault(refused('invalid_grant', 'expired authorization code')), 'clock-skew', 'clock'],
    ['of an inactive user', settings(() => ({ inactiveUsers: [username()] })), 'user-inactive', 'activate'],
    ['of an inactive org', settings(() => ({ orgInactive: true })), 'org-inactive', 'locked'],
    ['of our address', settings(() => ({ userIpBlocked: true })), 'user-ip-blocked', 'IP ranges'],
    ['without an answer', () => assertionFault({ status: 503, body: '<html>' }), 'as-unavailable', 'try again'],
  ])('%s is named, with steps, and nothing is stored', async (_what, arrange, cause, step) => {
    arrange();
    const proof = await prove();
    expect(proof).toMatchObject({ proven: false, cause });
    expect(proof.steps.join(' ')).toContain(step);
    expect(proof.text).not.toBe('');
    expect(await jwtGrants()).toEqual([]);
    expect(await shown()).toMatchObject({ state: 'active', policy: 'user' });
  });

  it('at the first host leaves the second one to be tried, and both are told', async () => {
    assertionFault(refused('invalid_grant', 'audience is invalid'), { host: 'org' });
    assertionFault(refused('invalid_app_access', 'user is not admin approved to access this app'), { host: 'login' });
    expect(await prove()).toMatchObject({ cause: 'not-admin-approved', tries: [{ cause: 'wrong-audience' }, { cause: 'not-admin-approved' }] });
  });
});

describe('an answer for somebody else', () => {
  const otherUser = '005000000000000AAA';
  it.each<[string, () => void]>([
    ['in the token answer', () => assertionFault({ tamper: (body) => body.replace(/(\/id\/00D\w{15}\/)005\w{15}/, `$1${otherUser}`) })],
    ['at the identity URL', () => harness.simulator.faults.add({ match: { path: /^\/id\/00D/ }, answer: { tamper: (body) => body.replace(/"user_id":"005\w+"/, `"user_id":"${otherUser}"`) } })],
    ['of another org', () => harness.simulator.faults.add({ match: { path: /^\/id\/00D/ }, answer: { tamper: (body) => body.replace(/"organization_id":"00D\w+"/, '"organization_id":"00D000000000000AAA"') } })],
  ])('%s proves nothing, is given back, and nothing is stored', async (_where, arrange) => {
    arrange();
    harness.simulator.log.clear();
    const proof = await prove();
    expect(proof.proven).toBe(false);
    expect(proof.tries.at(-1)).toMatchObject({ outcome: 'ok' });
    await until('the token is given back', () => harness.simulator.log.entries().some(({ path }) => path === '/services/oauth2/revoke'));
    expect(await jwtGrants()).toEqual([]);
    expect(await shown()).toMatchObject({ state: 'active', policy: 'user', ways: [{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'none' }] });
  });
});

it('a username that belongs to another user by now proves nothing: that user would be another connection', async () => {
  const other = harness.simulator.users[5]?.username ?? '';
  harness.simulator.settings.preauthorisedUsers = [other];
  await harness.auth.pool.query('update connection set username = $2 where id = $1', [person.connectionId, other]);
  expect(await prove()).toMatchObject({ proven: false, cause: 'identity-changed', who: 'operator', steps: [expect.stringContaining('connection of its own')] });
  await harness.auth.pool.query('update connection set username = $2 where id = $1', [person.connectionId, username()]);
  expect(await jwtGrants()).toEqual([]);
});

it('signs what Salesforce asks for: RS256, three minutes in seconds, the username', async () => {
  const keys = harness.auth.app.get(SigningKeys);
  const em = harness.auth.app.get((await import('@mikro-orm/postgresql')).EntityManager).fork();
  const [key] = await keys.candidates(em);
  const assertion = (await keys.sign(em, key?.id ?? '', { issuer: 'the-app', subject: username(), audience: 'https://login.salesforce.com' })).reveal();
  expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT' });
  const { exp = 0, iat = 0, jti, ...claims } = decodeJwt(assertion);
  expect(claims).toEqual({ iss: 'the-app', sub: username(), aud: 'https://login.salesforce.com' });
  expect([exp - iat, Math.abs(iat - Date.now() / 1_000) < 5, typeof jti]).toEqual([180, true, 'string']);
});

it('that succeeds makes the second way in, both are used from then on, and the key is the current one', async () => {
  const { epoch } = await harness.ingest.lease(person);
  expect(await prove()).toMatchObject({ proven: true, cause: null, steps: [] });
  const connection = await shown();
  expect(connection).toMatchObject({ state: 'active', policy: 'hybrid', ways: [{ kind: 'user', state: 'live', epoch }, { kind: 'jwt', state: 'live', epoch: epoch + 1 }] });
  expect(connection.timeline[0]).toMatchObject({ kind: 'jwt-proven' });
  await until('it is published', () => harness.bus.events.some(({ type, subject, data }) => type === 'auth.token.ready' && subject === person.connectionId && data['flow'] === 'jwt-bearer' && data['epoch'] === epoch + 1));
  expect((await harness.gateway.ask(listSigningKeys, { personId: person.personId })).keys[0]).toMatchObject({ state: 'current', lastUsedAt: expect.any(String) });
  const lease = await harness.ingest.lease(person);
  expect(lease).toMatchObject({ flow: 'jwt-bearer', epoch: epoch + 1 });
  expect((await fetch(`${lease.instanceUrl}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${lease.accessToken}` } })).status).toBe(200);
});

describe('a service connection', () => {
  const connect = (name: string, personId: PersonId = person.personId) => harness.gateway.ask(connectByJwt, { personId, request: { username: name } });
  const integration = () => harness.simulator.users[3]?.username ?? '';

  it('needs no browser: a pre-authorised user is connected, and the others hear of it as of a consent', async () => {
    harness.simulator.settings.preauthorisedUsers = [integration()];
    const answer = await connect(integration());
    expect(answer).toMatchObject({ proof: { proven: true } });
    const connectionId = answer.connectionId ?? '';
    expect(connectionId).not.toBe(person.connectionId);
    const connection = await harness.gateway.ask(getConnection, { personId: person.personId, connectionId });
    expect(connection).toMatchObject({ state: 'active', policy: 'jwt', flow: 'jwt-bearer', user: { username: integration() }, ways: [{ state: 'none' }, { state: 'live', epoch: 1 }] });
    await until('both events', () => ['auth.connection.authorized', 'auth.token.ready'].every((wanted) => harness.bus.events.some(({ type, subject }) => type === wanted && subject === connectionId)));
    expect(await harness.ingest.lease({ connectionId })).toMatchObject({ flow: 'jwt-bearer', epoch: 1 });
    expect((await connect(integration())).connectionId).toBe(connectionId);
  });

  it('may be consented to later: both ways in are used then', async () => {
    const consented = await harness.connect(3);
    expect(await harness.gateway.ask(getConnection, { personId: consented.personId, connectionId: consented.connectionId })).toMatchObject({ policy: 'hybrid', user: { username: integration() }, ways: [{ state: 'live' }, { state: 'live' }] });
  });

  it('is refused with the reason, and makes no connection', async () => {
    const answer = await connect(harness.simulator.users[4]?.username ?? '');
    expect(answer).toMatchObject({ connectionId: null, proof: { proven: false, cause: 'not-pre-authorised' } });
  });

  it('needs an owner', async () => {
    const analyst = await harness.connect(2);
    await expect(connect(integration(), analyst.personId)).rejects.toMatchObject({ code: 'ROLE_INSUFFICIENT', kind: 'forbidden' });
    await expect(harness.gateway.ask(makeSigningKey, { personId: analyst.personId, request: { bits: 2048 } })).rejects.toMatchObject({ code: 'ROLE_INSUFFICIENT' });
    await expect(connect(harness.simulator.users[2]?.username ?? '')).rejects.toMatchObject({ code: 'CONNECTION_OF_SOMEBODY_ELSE' });
  });

  it('is for an org of one\'s own workspace: what a foreign org gave goes back, and nothing is stored', async () => {
    harness.simulator.settings.preauthorisedUsers = [integration()];
    const { workspaceId, personId } = await aForeignOwner();
    harness.simulator.log.clear();
    await expect(connect(integration(), personId)).rejects.toMatchObject({ code: 'ORG_NOT_YOURS', kind: 'forbidden', action: expect.stringContaining('consent first') });
    await until('the token is given back', () => harness.simulator.log.entries().some(({ path, status }) => path === '/services/oauth2/revoke' && status === 200));
    expect((await harness.auth.pool.query('select id from connection where workspace_id = $1', [workspaceId])).rows).toEqual([]);
    expect((await harness.auth.pool.query("select id from audit_entry where workspace_id = $1", [workspaceId])).rows).toEqual([]);
  });

  it('is for an org that somebody of the workspace has consented for, too', async () => {
    harness.simulator.settings.preauthorisedUsers = [integration()];
    const { workspaceId, personId } = await aForeignOwner();
    await harness.auth.pool.query(`insert into connection select (jsonb_populate_record(null::connection, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'workspace_id', $2::uuid, 'person_id', $3::uuid))).*
      from connection c where c.id = $1`, [person.connectionId, workspaceId, personId]);
    expect(await connect(integration(), personId)).toMatchObject({ connectionId: expect.any(String), proof: { proven: true } });
  });

  /** Owner of a second workspace, whose org is another one. */
  async function aForeignOwner(): Promise<{ workspaceId: string; personId: PersonId }> {
    const [workspaceId, personId] = [randomUUID(), PersonId.parse(randomUUID())];
    const orgId = `00D${randomUUID().replaceAll('-', '').slice(0, 15)}`;
    await harness.auth.pool.query('insert into workspace (id, org_id, name, created_at) values ($1, $2, $3, now())', [workspaceId, orgId, 'Fabrikam']);
    await harness.auth.pool.query("insert into person (id, workspace_id, issuer, subject, org_id, user_id, name, role, created_at, last_sign_in_at) values ($1, $2, 'salesforce', $3, $4, '005000000000000AAA', 'Olga', 'owner', now(), now())", [personId, workspaceId, `${orgId}:005000000000000AAA`, orgId]);
    return { workspaceId, personId };
  }
});
