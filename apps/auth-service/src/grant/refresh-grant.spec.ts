import { getConnection, redeemSignIn, type ConnectionCore } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Asker, Browser, anAuthService, listenToBus, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { LoginHostBreaker } from './login-host-breaker.ts';
import { RefreshGrant } from './refresh-grant.ts';
import { Upkeep } from './upkeep.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let first: RunningAuth;
let second: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let bus: Awaited<ReturnType<typeof listenToBus>>;
let person: ConnectedPerson;
let epoch: number;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  bus = await listenToBus(environment);
  // Two replicas, each with a data folder of its own, on one database and one bus.
  [first, second] = await Promise.all([anAuthService(environment, simulator), anAuthService(environment, simulator)]);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), bus?.stop()]);
  await Promise.all([first?.app.close(), second?.app.close()]);
  await simulator?.stop();
  await environment?.stop();
});

beforeEach(async () => {
  // Answers lost in the tests before may have put the login host to rest.
  await until('the login host is asked again', () => [first, second].every(({ app }) => app.get(LoginHostBreaker).requireAwake(simulator.loginOrigin) === undefined));
  person = await connectAs(first, simulator, gateway);
  ({ epoch } = await ingest.lease(person));
  simulator.log.clear();
});

afterEach(() => {
  simulator.faults.clear();
  Object.assign(simulator.settings, { appIpBlocked: false, orgInactive: false, rotation: true });
});

const lease = (rejectedEpoch?: number) => ingest.lease({ connectionId: person.connectionId, ...(rejectedEpoch === undefined ? {} : { rejectedEpoch }) });
const shown = (): Promise<ConnectionCore> => gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const sql = (text: string) => first.pool.query(text, [person.connectionId]);
/** As if the time until the next look had passed. */
const untilDue = () => sql('update connection set next_check_at = now() where id = $1 and next_check_at is not null');
const tokenFault = (answer: Parameters<Simulator['faults']['add']>[0]['answer'], times?: number): void => simulator.faults.add({ match: { grant: 'refresh_token', ...(times === undefined ? {} : { times }) }, answer });

describe('a rejected token', () => {
  it('causes one refresh for fifty callers in two processes, and each gets the new one', async () => {
    const leases = await Promise.all(Array.from({ length: 50 }, () => lease(epoch)));
    expect(new Set(leases.map((answer) => `${answer.epoch} ${answer.accessToken}`)).size).toBe(1);
    expect(leases[0]).toMatchObject({ epoch: epoch + 1, flow: 'refresh-token' });
    expect(refreshesOf(simulator)).toEqual([200]);
    await until('the event of the new epoch', () => bus.events.some(({ type, subject, data }) => type === 'auth.token.ready' && subject === person.connectionId && data['epoch'] === epoch + 1));
  });

  it('causes one refresh also when both processes work on it at the same moment', async () => {
    const work = [first, second].flatMap(({ app }) => Array.from({ length: 5 }, () => app.get(RefreshGrant).execute(person.connectionId, epoch)));
    await Promise.all(work);
    expect(refreshesOf(simulator)).toEqual([200]);
    expect((await lease()).epoch).toBe(epoch + 1);
  });

  it('reported late causes none: the epoch has moved', async () => {
    await lease(epoch);
    expect((await lease(epoch)).epoch).toBe(epoch + 1);
    expect(refreshesOf(simulator)).toEqual([200]);
  });

  it('is replaced again and again, each time with the token of the refresh before', async () => {
    for (let round = 0; round < 5; round += 1) expect((await lease(epoch + round)).epoch).toBe(epoch + round + 1);
    expect(refreshesOf(simulator)).toEqual([200, 200, 200, 200, 200]);
    expect(await shown()).toMatchObject({ state: 'active', flow: 'refresh-token', flowReason: expect.stringContaining('used 5 times, replaced by Salesforce each time') });
  });

  it('is replaced without rotation too, with the refresh token kept', async () => {
    simulator.settings.rotation = false;
    for (let round = 0; round < 3; round += 1) await lease(epoch + round);
    expect(refreshesOf(simulator)).toEqual([200, 200, 200]);
  });
});

describe('a token nobody rejected', () => {
  it('is lent without asking Salesforce', async () => {
    await Promise.all(Array.from({ length: 20 }, () => lease()));
    expect(simulator.log.entries()).toEqual([]);
  });
});

describe('an answer that was lost', () => {
  it('before Salesforce had worked on it costs nothing: asking once more brings the token', async () => {
    tokenFault('reset', 1);
    expect((await lease(epoch)).epoch).toBe(epoch + 1);
    const { state, attention, timeline } = await shown();
    expect([state, attention, timeline[0]?.kind, timeline[1]?.kind]).toEqual(['active', null, 'recovered', 'state-changed']);
    await until('the trouble and its end are published', () => bus.events.filter(({ type, subject }) => type === 'auth.connection.attention' && subject === person.connectionId).length >= 2);
  });

  it('after Salesforce had rotated needs a new consent, says why, and keeps the connection', async () => {
    tokenFault('lose-response', 1);
    await expect(lease(epoch)).rejects.toMatchObject({ code: 'GRANT_REVOKED', kind: 'consent-required', details: { cause: 'rotation-lost' } });
    expect(await shown()).toMatchObject({ state: 'needs_reconsent', attention: { cause: 'rotation-lost', who: 'user' }, flow: null });
    await expect(lease()).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect((await connectAs(first, simulator, gateway)).connectionId).toBe(person.connectionId);
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
    expect((await lease()).epoch).toBe(epoch + 1);
  });

  it('leaves the present token in use for those who did not see it fail', async () => {
    tokenFault('lose-response', 1);
    const upkeep = first.app.get(RefreshGrant);
    await upkeep.execute(person.connectionId, epoch, 'due');
    expect((await lease()).epoch).toBe(epoch);
    expect(await shown()).toMatchObject({ state: 'refresh_uncertain', attention: { who: 'nobody' } });
  });
});

describe('Salesforce in trouble', () => {
  it('is waited for, with the state saying so, and the connection comes back by itself', async () => {
    tokenFault({ status: 503, body: '<html>maintenance</html>' });
    await expect(lease(epoch)).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });
    // The scheduler of either process may be asking at this moment.
    await until('the connection is degraded', async () => (await shown()).state === 'degraded');
    expect(await shown()).toMatchObject({ attention: { cause: 'as-unavailable', who: 'nobody' } });
    simulator.faults.clear();
    await untilDue();
    // The scheduler of either process may be at it already: then this round has nothing to do.
    await first.app.get(Upkeep).execute();
    await until('the connection works again', async () => (await shown()).state === 'active');
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
  });

  it('never breaks a connection over a failure of the app', async () => {
    const refresh = (auth = first) => auth.app.get(RefreshGrant).execute(person.connectionId, epoch);
    tokenFault({ status: 400, body: '{"error":"invalid_client","error_description":"invalid client credentials"}' }, 1);
    await expect(refresh()).rejects.toMatchObject({ kind: 'unavailable', code: 'CLIENT_SECRET_WRONG' });
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
    await expect(refresh(second)).rejects.toMatchObject({ code: 'CLIENT_SECRET_WRONG' });
    expect(refreshesOf(simulator)).toEqual([400]);
    await sql("update refresh_stop set until = now() - interval '1 second' where $1::text is not null");
    await refresh(second);
    expect((await lease()).epoch).toBe(epoch + 1);
  });

  it('that is already working on the token is asked again, and nobody notices', async () => {
    tokenFault({ status: 400, body: '{"error":"invalid_grant","error_description":"token request is already being processed"}' }, 1);
    expect((await lease(epoch)).epoch).toBe(epoch + 1);
    expect(refreshesOf(simulator)).toEqual([400, 200]);
  });

  it('that refuses our address holds the connection', async () => {
    tokenFault({ status: 400, body: '{"error":"invalid_grant","error_description":"ip restricted"}' }, 1);
    await expect(lease(epoch)).rejects.toMatchObject({ kind: 'unavailable', code: 'CONNECTION_HELD' });
    expect(await shown()).toMatchObject({ state: 'held', attention: { cause: 'user-ip-blocked', who: 'admin' } });
    await untilDue();
    // The scheduler of either process may be at it already: then this round has nothing to do.
    await first.app.get(Upkeep).execute();
    await until('the connection works again', async () => (await shown()).state === 'active');
    expect(await shown()).toMatchObject({ state: 'active' });
  });

  it('that says the org is locked holds the connection and names the administrator, until the org is open again', async () => {
    simulator.settings.orgInactive = true;
    await expect(lease(epoch)).rejects.toMatchObject({ kind: 'unavailable', code: 'CONNECTION_HELD' });
    expect(await shown()).toMatchObject({ state: 'held', attention: { cause: 'org-inactive', who: 'admin', text: 'This org is locked or suspended.' } });
    simulator.settings.orgInactive = false;
    await untilDue();
    await first.app.get(Upkeep).execute();
    await until('the connection works again', async () => (await shown()).state === 'active');
    expect(await shown()).toMatchObject({ attention: null });
  });

  it('that says the app is not installed leaves it to the administrator, and a later look finds it installed', async () => {
    tokenFault({ status: 400, body: '{"error":"invalid_client","error_description":"External client app is not installed in this org"}' }, 1);
    await expect(lease(epoch)).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN' });
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'app-not-installed', who: 'admin', text: 'A Salesforce admin must install the app in this org.' } });
    await untilDue();
    await first.app.get(Upkeep).execute();
    await until('the connection works again', async () => (await shown()).state === 'active');
    expect(await shown()).toMatchObject({ attention: null });
  });

  it('that calls the grant expired is believed only once the present access is gone too', async () => {
    tokenFault({ status: 400, body: JSON.stringify({ error: 'invalid_grant', error_description: 'expired access/refresh token' }) }, 1);
    expect((await lease(epoch)).epoch).toBe(epoch + 1);
    const { timeline } = await shown();
    expect(timeline.find(({ kind }) => kind === 'state-changed')?.text).toContain('the present one still works');
  });

  it('that ended the grant is quoted with the evidence', async () => {
    simulator.revoke(simulator.users[0]?.username);
    await expect(lease(epoch)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect((await shown()).timeline[0]?.text).toMatch(/Approved 20\d\d-.* ago\), refreshed 0 times, last .*; the present access was tried too and answered with 403\.$/);
  });

  it.each([
    ['inactive_user', 'needs_admin', 'user-inactive', 'CONNECTION_NEEDS_ADMIN', false],
    ['invalid_grant', 'needs_reconsent', 'revoked-or-unknown', 'GRANT_REVOKED', true],
  ])('that answers %s leads to %s', async (error, state, cause, code, ended) => {
    await sql('delete from final_verdict where $1::text is not null');
    await sql("delete from oauth_grant where state <> 'live' and connection_id = $1");
    if (ended) simulator.revoke(simulator.users[0]?.username);
    tokenFault({ status: 400, body: JSON.stringify({ error, error_description: 'expired access/refresh token' }) }, 1);
    await expect(lease(epoch)).rejects.toMatchObject({ code });
    expect(await shown()).toMatchObject({ state, attention: { cause } });
    await until('it is published', () => bus.events.some(({ type, subject, data }) => type === 'auth.connection.attention' && subject === person.connectionId && data['cause'] === cause && data['resolved'] === false));
  });
});

describe('an answer for somebody else', () => {
  it.each([
    ['another user', (body: string) => body.replace(/(\/id\/00D\w{15}\/)005\w{15}/, '$1005000000000000AAA').replace(/"signature":"[^"]*",?/, '')],
    ['a foreign data host', (body: string) => body.replace(/"instance_url":"[^"]*"/, '"instance_url":"http://169.254.169.254"')],
  ])('(%s) quarantines the connection: nothing is lent any more', async (_what, tamper) => {
    tokenFault({ tamper }, 1);
    await expect(lease(epoch)).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN' });
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { who: 'operator' } });
    await expect(lease()).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN' });
    const { rows } = await sql('select next_check_at from connection where id = $1');
    expect(rows).toEqual([{ next_check_at: null }]);
  });
});

it('says a policy is at work when Salesforce gives the rejected token again, and looks again by itself', async () => {
  const { accessToken } = await lease();
  tokenFault({ tamper: (body) => body.replace(/"access_token":"[^"]*"/, `"access_token":${JSON.stringify(accessToken)}`) }, 1);
  await expect(lease(epoch)).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN' });
  expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'session-policy', who: 'admin' } });
  expect((await sql("select next_check_at between now() + interval '50 seconds' and now() + interval '61 seconds' as soon from connection where id = $1")).rows).toEqual([{ soon: true }]);
  await untilDue();
  await first.app.get(Upkeep).execute();
  await until('the connection works again', async () => (await shown()).state === 'active');
  expect((await shown()).attention).toBeNull();
});

it('keeps an idle grant alive before Salesforce ends it', async () => {
  await sql("update oauth_grant set refreshed_at = now() - interval '7 days 1 minute' where connection_id = $1 and state = 'live'");
  await first.app.get(Upkeep).execute();
  await until('the grant is refreshed', async () => (await lease()).epoch > epoch);
  expect(refreshesOf(simulator)).toEqual([200]);
});

describe('a process that died in a refresh', () => {
  const died = (intentAt: string) => sql(`with g as (update oauth_grant set lease_owner = 'elsewhere/1', lease_until = now() - interval '1 second', intent_epoch = epoch, intent_at = ${intentAt}
      where connection_id = $1 and state = 'live') update connection set state = 'refreshing' where id = $1`);

  it('may come back with the answer: for two minutes nobody asks in its place', async () => {
    await died('now()');
    await first.app.get(Upkeep).execute();
    await untilDue();
    expect(await shown()).toMatchObject({ state: 'refresh_uncertain' });
    await expect(lease(epoch)).rejects.toMatchObject({ code: 'REFRESH_UNCERTAIN', retryAfterMs: expect.any(Number) });
    expect((await lease()).epoch).toBe(epoch);
    expect(refreshesOf(simulator)).toEqual([]);
  });

  it('is succeeded afterwards: the old token is presented once more, as a question', async () => {
    await died("now() - interval '3 minutes'");
    expect((await lease(epoch)).epoch).toBe(epoch + 1);
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
  });
});

it('uses a reused ticket, an unknown connection and a refused browser for nothing', async () => {
  await expect(ingest.lease({ connectionId: '0199aa00-0000-7000-8000-0000000000ff' })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  await expect(gateway.ask(redeemSignIn, { ticket: 'x'.repeat(43) })).rejects.toMatchObject({ code: 'TICKET_INVALID' });
  expect((await new Browser(first).get('/connect/salesforce/callback')).status).toBe(303);
});
