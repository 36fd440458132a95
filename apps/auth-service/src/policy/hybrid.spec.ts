import { disconnectConnection, getConnection, setAccessPolicy, type AccessPolicy, type ConnectionCore } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeepJwtGrants } from '../jwt-grant/keep-jwt-grants.ts';
import { anAuthService, Asker, listenToBus, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { assertionsOf, proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let first: RunningAuth;
let second: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let bus: Awaited<ReturnType<typeof listenToBus>>;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  bus = await listenToBus(environment);
  // Two replicas on one database and one bus.
  [first, second] = await Promise.all([anAuthService(environment, simulator), anAuthService(environment, simulator)]);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  await uploadNewCertificate(gateway, simulator, (await connectAs(first, simulator, gateway)).personId);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), bus?.stop()]);
  await Promise.all([first?.app.close(), second?.app.close()]);
  await simulator?.stop();
  await environment?.stop();
});

beforeEach(async () => {
  Object.assign(simulator.settings, { preauthorisedUsers: [username()], jwtReusesSession: false });
  person = await connectAs(first, simulator, gateway);
  expect(await proveFor(gateway, person)).toMatchObject({ proven: true });
  await setPolicy('hybrid');
  await first.pool.query("update oauth_grant set lease_until = null where connection_id = $1 and state = 'live'", [person.connectionId]);
  // What was refused in the tests before is no mass.
  await first.pool.query('delete from final_verdict');
  simulator.log.clear();
  bus.events.length = 0;
});

afterEach(() => simulator.faults.clear());

const username = () => simulator.users[0]?.username ?? '';
const shown = (): Promise<ConnectionCore> => gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const setPolicy = (policy: AccessPolicy): Promise<ConnectionCore> => gateway.ask(setAccessPolicy, { personId: person.personId, connectionId: person.connectionId, policy });
const lease = (claims: Record<string, unknown> = {}) => ingest.lease({ connectionId: person.connectionId, ...claims });
const interactive = (claims: Record<string, unknown> = {}) => lease({ purpose: 'interactive', ...claims });
const assertionFault = (answer: Parameters<Simulator['faults']['add']>[0]['answer'], times?: number): void =>
  simulator.faults.add({ match: { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...(times === undefined ? {} : { times }) }, answer });
const refused = (error: string, error_description: string) => ({ status: 400, body: JSON.stringify({ error, error_description }) });
const endConsent = (description = 'expired access/refresh token'): void => simulator.faults.add({ match: { grant: 'refresh_token' }, answer: refused('invalid_grant', description) });
/** From then on there is one session, and every assertion gives it again. */
const reuseSession = async (): Promise<void> => {
  simulator.settings.jwtReusesSession = true;
  await lease({ rejectedEpoch: (await lease()).epoch });
};
/** What the audit log says of lost ways, newest first. */
const audited = async () => (await first.pool.query<{ cause: string; text: string }>("select cause, text from audit_entry where connection_id = $1 and kind = 'way-lost' order by id desc", [person.connectionId])).rows;
const lostWay = (cause: string) => bus.events.find(({ type, data }) => type === 'auth.connection.attention' && data['cause'] === cause && data['resolved'] === false);

describe('with both ways in', () => {
  it('a person is served by their consent and work without them by assertions, and the page says which and why', async () => {
    const [forPerson, forWork] = [await interactive(), await lease()];
    expect([forPerson.flow, forWork.flow]).toEqual(['web-server', 'jwt-bearer']);
    // The other process may have lent it; each writes once a second.
    await until('the uses are written', async () => (await shown()).ways.every(({ lastUsedAt }) => lastUsedAt !== null));
    expect(await shown()).toMatchObject({
      policy: 'hybrid', flow: 'jwt-bearer', lastWay: { flow: 'jwt-bearer', purpose: 'background', reason: expect.stringContaining('Work without a person') },
      ways: [{ kind: 'user', state: 'live', lastUsedAt: expect.any(String) }, { kind: 'jwt', state: 'live', lastUsedAt: expect.any(String) }],
    });
  });

  it('a token rejected by Salesforce is replaced by one assertion for fifty callers in two processes', async () => {
    const { epoch } = await lease();
    const leases = await Promise.all(Array.from({ length: 50 }, () => lease({ rejectedEpoch: epoch })));
    expect(new Set(leases.map((answer) => `${answer.epoch} ${answer.flow} ${answer.accessToken}`)).size).toBe(1);
    expect(leases[0]?.epoch).toBeGreaterThan(epoch);
    expect(assertionsOf(simulator)).toEqual([200]);
    await until('the event of the new epoch', () => bus.events.some(({ type, data }) => type === 'auth.token.ready' && data['epoch'] === leases[0]?.epoch && data['flow'] === 'jwt-bearer'));
    expect((await shown()).ways[1]).toMatchObject({ refreshCount: expect.any(Number), shortestLifeMs: expect.any(Number) });
  });

  it('an epoch names one token set: what one way had rejected says nothing about the other', async () => {
    const [user, jwt] = [await interactive(), await lease()];
    expect((await interactive({ rejectedEpoch: jwt.epoch })).epoch).toBe(user.epoch);
    const renewed = await interactive({ rejectedEpoch: user.epoch });
    expect([renewed.flow, renewed.epoch]).toEqual(['refresh-token', Math.max(user.epoch, jwt.epoch) + 1]);
    expect((await lease({ rejectedEpoch: jwt.epoch })).epoch).toBe(renewed.epoch + 1);
    expect([refreshesOf(simulator), assertionsOf(simulator)]).toEqual([[200], [200]]);
  });

  it('a reader may wait for the epoch that was announced, by whichever way it came', async () => {
    const { epoch } = await lease();
    expect(await interactive({ minEpoch: epoch })).toMatchObject({ flow: 'jwt-bearer', epoch });
  });

  it.each<[string, () => void | Promise<void>, string]>([
    ['the app is no longer pre-authorised', () => assertionFault(refused('invalid_grant', "user hasn't approved this consumer")), 'not-pre-authorised'],
    ['the certificate was taken away', () => assertionFault(refused('invalid_grant', 'invalid assertion')), 'certificate-mismatch'],
    ['Salesforce gives the rejected session again', reuseSession, 'session-policy'],
    ['the answer is for another user', () => assertionFault({ tamper: (body) => body.replace(/(\/id\/00D\w{15}\/)005\w{15}/, '$1005000000000000AAA') }), 'identity-changed'],
  ])('when %s the consent carries on without interruption, and people are told', async (_what, arrange, cause) => {
    await arrange();
    const { epoch } = await lease();
    const carried = await lease({ rejectedEpoch: epoch });
    expect(carried.flow).not.toBe('jwt-bearer');
    const connection = await shown();
    expect(connection).toMatchObject({ state: 'active', attention: { cause, text: expect.stringContaining('One of two ways in is gone') }, ways: [{ state: 'live' }, { state: 'dead', endedBecause: cause }] });
    expect(connection.timeline[0]).toMatchObject({ kind: 'way-lost' });
    await until('the use is written', async () => (await shown()).lastWay?.reason.includes('the consent carried on') === true);
    await until('it is published', () => lostWay(cause) !== undefined);
    expect(lostWay(cause)?.data).toMatchObject({ state: 'active' });
  });

  it('assertions that get no answer step aside for a while and are not given up', async () => {
    assertionFault({ status: 503, body: '<html>' });
    const { epoch } = await lease();
    expect((await lease({ rejectedEpoch: epoch })).flow).toBe('web-server');
    const asked = assertionsOf(simulator).length;
    expect((await lease()).flow).toBe('web-server');
    expect(assertionsOf(simulator)).toHaveLength(asked);
    expect(await shown()).toMatchObject({ state: 'active', attention: null, ways: [{ state: 'live' }, { state: 'live' }] });
  });

  it.each([
    ['ends', 'expired access/refresh token', 'revoked-or-unknown', 'it was revoked, or it expired'],
    ['ends with the password', 'authentication failure', 'password-changed-or-deactivated', 'The password was changed or the user deactivated'],
  ])('when the consent %s at Salesforce assertions carry on, also for a person who waits, and the audit log has why', async (_how, description, cause, why) => {
    endConsent(description);
    const { epoch } = await interactive();
    const before = await audited();
    expect(await interactive({ rejectedEpoch: epoch })).toMatchObject({ flow: 'jwt-bearer' });
    expect(await shown()).toMatchObject({ state: 'active', policy: 'hybrid', ways: [{ kind: 'user', state: 'dead', endedBecause: cause }, { kind: 'jwt', state: 'live' }], attention: { cause, text: expect.stringContaining('Signed assertions carry on') } });
    await until('it is published', () => lostWay(cause) !== undefined);
    expect(lostWay(cause)?.data).toMatchObject({ state: 'active' });
    expect(await audited()).toEqual([{ cause, text: expect.stringContaining(why) }, ...before]);
    simulator.faults.clear();
    await connectAs(first, simulator, gateway);
    expect(await shown()).toMatchObject({ state: 'active', attention: null, ways: [{ state: 'live' }, { state: 'live' }] });
  });

  it('a refresh whose answer was lost keeps nobody waiting', async () => {
    simulator.faults.add({ match: { grant: 'refresh_token', times: 1 }, answer: 'lose-response' });
    const { epoch } = await interactive();
    expect(await interactive({ rejectedEpoch: epoch })).toMatchObject({ flow: 'jwt-bearer' });
    expect((await lease()).flow).toBe('jwt-bearer');
  });

  it('a restored second way is told as well', async () => {
    assertionFault(refused('invalid_grant', 'invalid assertion'), 2);
    await lease({ rejectedEpoch: (await lease()).epoch });
    expect(await proveFor(gateway, person)).toMatchObject({ proven: true });
    await until('it is published', () => bus.events.some(({ type, data }) => type === 'auth.connection.attention' && data['cause'] === 'certificate-mismatch' && data['resolved'] === true));
    expect(await shown()).toMatchObject({ attention: null, ways: [{ state: 'live' }, { state: 'live' }] });
  });
});

describe('the policy', () => {
  it('of one way uses that way only', async () => {
    expect(await setPolicy('user')).toMatchObject({ policy: 'user', flow: 'web-server' });
    expect((await lease()).flow).toBe('web-server');
    expect(await setPolicy('jwt')).toMatchObject({ policy: 'jwt', flow: 'jwt-bearer', timeline: expect.arrayContaining([expect.objectContaining({ kind: 'policy-changed' })]) });
    expect((await interactive()).flow).toBe('jwt-bearer');
  });

  it('of the consent alone stops with it, and goes on once assertions are allowed', async () => {
    await setPolicy('user');
    endConsent();
    const { epoch } = await lease();
    await expect(lease({ rejectedEpoch: epoch })).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect(await shown()).toMatchObject({ state: 'needs_reconsent' });
    await expect(setPolicy('hybrid')).rejects.toMatchObject({ code: 'CONSENT_MISSING', kind: 'conflict' });
    expect(await setPolicy('jwt')).toMatchObject({ state: 'active', attention: null });
    expect((await lease()).flow).toBe('jwt-bearer');
  });

  it('of assertions alone stops when Salesforce refuses them, and goes on by itself once it takes them again', async () => {
    await setPolicy('jwt');
    assertionFault(refused('invalid_app_access', 'user is not admin approved to access this app'));
    const { epoch } = await lease();
    await expect(lease({ rejectedEpoch: epoch })).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN', details: { cause: 'not-admin-approved' } });
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'not-admin-approved', who: 'admin' } });
    simulator.faults.clear();
    await first.pool.query('update connection set next_check_at = now() where id = $1', [person.connectionId]);
    // The scheduler of either process may be at it already: then this round has nothing to do.
    await first.app.get(KeepJwtGrants).execute();
    await until('it goes on', async () => (await shown()).state === 'active');
    expect((await lease()).epoch).toBeGreaterThan(epoch);
  });

  it('waits with Salesforce when nothing answers', async () => {
    await setPolicy('jwt');
    assertionFault({ status: 503, body: '' });
    const { epoch } = await lease();
    await expect(lease({ rejectedEpoch: epoch })).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });
    expect(await shown()).toMatchObject({ state: 'degraded', attention: { cause: 'as-unavailable', who: 'nobody' } });
    // A day later, to the hour of the next look.
    await first.pool.query("update connection set attention_since = attention_since - interval '24 hours 1 minute', next_check_at = now() where id = $1", [person.connectionId]);
    await first.pool.query("update oauth_grant set lease_until = null where connection_id = $1 and state = 'live'", [person.connectionId]);
    await first.app.get(KeepJwtGrants).execute();
    await until('somebody is called', async () => (await shown()).state === 'needs_admin');
    expect(await shown()).toMatchObject({ attention: { cause: 'degraded-too-long', who: 'admin' } });
  });
});

it('a disconnected connection leaves no way in: both are ended at Salesforce and nothing is left to open', async () => {
  const { accessToken, instanceUrl } = await lease();
  await gateway.ask(disconnectConnection, { personId: person.personId, connectionId: person.connectionId, data: 'keep' });
  await until('the session is over', async () => (await fetch(`${instanceUrl}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${accessToken}` } })).status === 401);
  const { rows } = await first.pool.query('select k.owner_id from vault_key k join oauth_grant g on g.id = k.owner_id where g.connection_id = $1', [person.connectionId]);
  expect(rows).toEqual([]);
  await expect(proveFor(gateway, person)).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
  await expect(setPolicy('jwt')).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
});
