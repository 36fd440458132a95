import { connectByJwt, getConnection, listSigningKeys, makeSigningKey, proveJwt, readCertificate, type JwtProof } from '@tributary/api-contracts';
import type { PersonId } from '@tributary/event-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anAuthService, Asker, listenToBus, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { SigningKeys } from '../signing-key/signing-keys.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let bus: Awaited<ReturnType<typeof listenToBus>>;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  bus = await listenToBus(environment);
  auth = await anAuthService(environment, simulator);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs(auth, simulator, gateway);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), bus?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

afterEach(() => {
  simulator.faults.clear();
  Object.assign(simulator.settings, { appInstalled: true, permittedUsers: 'all', preauthorisedUsers: [], inactiveUsers: [], orgInactive: false, userIpBlocked: false });
});

const username = () => simulator.users[0]?.username ?? '';
const prove = (): Promise<JwtProof> => gateway.ask(proveJwt, { personId: person.personId, connectionId: person.connectionId });
const shown = () => gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const jwtGrants = async () => (await auth.pool.query("select state from oauth_grant where connection_id = $1 and kind = 'jwt'", [person.connectionId])).rows;
const assertionFault = (answer: Parameters<Simulator['faults']['add']>[0]['answer'], more: { host?: 'login' | 'org'; times?: number } = {}): void =>
  simulator.faults.add({ match: { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...more }, answer });
const refused = (error: string, error_description: string) => ({ status: 400, body: JSON.stringify({ error, error_description }) });

it('says that a signing key is needed as long as there is none', async () => {
  expect(await prove()).toMatchObject({ proven: false, cause: 'no-signing-key', tries: [], steps: expect.arrayContaining([expect.stringContaining('Make a signing key')]) });
});

describe('with a certificate that is not at Salesforce', () => {
  it('names the certificate, what to do, and every try', async () => {
    const key = await gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
    expect(key).toMatchObject({ state: 'created', origin: 'generated', bits: 2048, daysLeft: 365 });
    expect(await prove()).toMatchObject({ proven: false, cause: 'no-signing-key' });
    const certificate = await gateway.ask(readCertificate, { personId: person.personId, keyId: key.id });
    expect(certificate.pem).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect((await gateway.ask(listSigningKeys, { personId: person.personId })).keys[0]).toMatchObject({ id: key.id, state: 'offered' });
    const proof = await prove();
    expect(proof).toMatchObject({ proven: false, cause: 'certificate-mismatch', who: 'admin' });
    expect(proof.steps.join(' ')).toContain(key.fingerprint);
    // The org's own host first, then the login host; a simulator is its own audience.
    expect(proof.tries.map(({ host, audience, outcome }) => [host, audience, outcome])).toEqual([
      [new URL(simulator.orgOrigin).host, simulator.loginOrigin, 'refused'], [new URL(simulator.loginOrigin).host, simulator.loginOrigin, 'refused'],
    ]);
    simulator.app.setCertificates([certificate.pem]);
  });
});

describe('a refusal', () => {
  const settings = (change: () => Partial<Simulator['settings']>) => () => void Object.assign(simulator.settings, change());
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
    ['at the identity URL', () => simulator.faults.add({ match: { path: /^\/id\/00D/ }, answer: { tamper: (body) => body.replace(/"user_id":"005\w+"/, `"user_id":"${otherUser}"`) } })],
    ['of another org', () => simulator.faults.add({ match: { path: /^\/id\/00D/ }, answer: { tamper: (body) => body.replace(/"organization_id":"00D\w+"/, '"organization_id":"00D000000000000AAA"') } })],
  ])('%s proves nothing, is given back, and nothing is stored', async (_where, arrange) => {
    arrange();
    simulator.log.clear();
    const proof = await prove();
    expect(proof.proven).toBe(false);
    expect(proof.tries.at(-1)).toMatchObject({ outcome: 'ok' });
    await until('the token is given back', () => simulator.log.entries().some(({ path }) => path === '/services/oauth2/revoke'));
    expect(await jwtGrants()).toEqual([]);
    expect(await shown()).toMatchObject({ state: 'active', policy: 'user', ways: [{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'none' }] });
  });
});

it('a username that belongs to another user by now proves nothing: that user would be another connection', async () => {
  const other = simulator.users[5]?.username ?? '';
  simulator.settings.preauthorisedUsers = [other];
  await auth.pool.query('update connection set username = $2 where id = $1', [person.connectionId, other]);
  expect(await prove()).toMatchObject({ proven: false, cause: 'identity-changed', who: 'operator', steps: [expect.stringContaining('connection of its own')] });
  await auth.pool.query('update connection set username = $2 where id = $1', [person.connectionId, username()]);
  expect(await jwtGrants()).toEqual([]);
});

it('signs what Salesforce asks for: RS256, three minutes in seconds, the username', async () => {
  const keys = auth.app.get(SigningKeys);
  const em = auth.app.get((await import('@mikro-orm/postgresql')).EntityManager).fork();
  const [key] = await keys.candidates(em);
  const assertion = (await keys.sign(em, key?.id ?? '', { issuer: 'the-app', subject: username(), audience: 'https://login.salesforce.com' })).reveal();
  expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT' });
  const { exp = 0, iat = 0, jti, ...claims } = decodeJwt(assertion);
  expect(claims).toEqual({ iss: 'the-app', sub: username(), aud: 'https://login.salesforce.com' });
  expect([exp - iat, Math.abs(iat - Date.now() / 1_000) < 5, typeof jti]).toEqual([180, true, 'string']);
});

it('that succeeds makes the second way in, both are used from then on, and the key is the current one', async () => {
  const { epoch } = await ingest.lease(person);
  expect(await prove()).toMatchObject({ proven: true, cause: null, steps: [] });
  const connection = await shown();
  expect(connection).toMatchObject({ state: 'active', policy: 'hybrid', ways: [{ kind: 'user', state: 'live', epoch }, { kind: 'jwt', state: 'live', epoch: epoch + 1 }] });
  expect(connection.timeline[0]).toMatchObject({ kind: 'jwt-proven' });
  await until('it is published', () => bus.events.some(({ type, subject, data }) => type === 'auth.token.ready' && subject === person.connectionId && data['flow'] === 'jwt-bearer' && data['epoch'] === epoch + 1));
  expect((await gateway.ask(listSigningKeys, { personId: person.personId })).keys[0]).toMatchObject({ state: 'current', lastUsedAt: expect.any(String) });
  const lease = await ingest.lease(person);
  expect(lease).toMatchObject({ flow: 'jwt-bearer', epoch: epoch + 1 });
  expect((await fetch(`${lease.instanceUrl}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${lease.accessToken}` } })).status).toBe(200);
});

describe('a service connection', () => {
  const connect = (name: string, personId: PersonId = person.personId) => gateway.ask(connectByJwt, { personId, request: { username: name } });
  const integration = () => simulator.users[3]?.username ?? '';

  it('needs no browser: a pre-authorised user is connected, and the others hear of it as of a consent', async () => {
    simulator.settings.preauthorisedUsers = [integration()];
    const answer = await connect(integration());
    expect(answer).toMatchObject({ proof: { proven: true } });
    const connectionId = answer.connectionId ?? '';
    expect(connectionId).not.toBe(person.connectionId);
    const connection = await gateway.ask(getConnection, { personId: person.personId, connectionId });
    expect(connection).toMatchObject({ state: 'active', policy: 'jwt', flow: 'jwt-bearer', user: { username: integration() }, ways: [{ state: 'none' }, { state: 'live', epoch: 1 }] });
    await until('both events', () => ['auth.connection.authorized', 'auth.token.ready'].every((wanted) => bus.events.some(({ type, subject }) => type === wanted && subject === connectionId)));
    expect(await ingest.lease({ connectionId })).toMatchObject({ flow: 'jwt-bearer', epoch: 1 });
    expect((await connect(integration())).connectionId).toBe(connectionId);
  });

  it('may be consented to later: both ways in are used then', async () => {
    const consented = await connectAs(auth, simulator, gateway, { username: integration() });
    expect(await gateway.ask(getConnection, { personId: consented.personId, connectionId: consented.connectionId })).toMatchObject({ policy: 'hybrid', user: { username: integration() }, ways: [{ state: 'live' }, { state: 'live' }] });
  });

  it('is refused with the reason, and makes no connection', async () => {
    const answer = await connect(simulator.users[4]?.username ?? '');
    expect(answer).toMatchObject({ connectionId: null, proof: { proven: false, cause: 'not-pre-authorised' } });
  });

  it('needs an owner', async () => {
    const analyst = await connectAs(auth, simulator, gateway, { username: simulator.users[2]?.username ?? '' });
    await expect(connect(integration(), analyst.personId)).rejects.toMatchObject({ code: 'ROLE_INSUFFICIENT', kind: 'forbidden' });
    await expect(gateway.ask(makeSigningKey, { personId: analyst.personId, request: { bits: 2048 } })).rejects.toMatchObject({ code: 'ROLE_INSUFFICIENT' });
    await expect(connect(simulator.users[2]?.username ?? '')).rejects.toMatchObject({ code: 'CONNECTION_OF_SOMEBODY_ELSE' });
  });
});
