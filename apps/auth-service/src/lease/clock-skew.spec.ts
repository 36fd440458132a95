import { getConnection, leaseAccessToken, type ConnectionCore } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { ClockSteps } from '../grant/clock-steps.ts';
import { Upkeep } from '../grant/upkeep.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let person: ConnectedPerson;
/** The clock of auth-service against that of the database and that of Salesforce. */
let skewMs = 0;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator, { now: () => new Date(Date.now() + skewMs) });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs(auth, simulator, gateway);
});

beforeEach(() => simulator.log.clear());

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

const shown = (): Promise<ConnectionCore> => gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const lease = (claims: object = {}) => ingest.lease({ connectionId: person.connectionId, ...claims });
const upkeep = (): Promise<void> => auth.app.get(Upkeep).execute();
const due = async (): Promise<void> => void (await auth.pool.query('update connection set next_check_at = now() where id = $1', [person.connectionId]));

// As they may follow each other: the clock also jumps back, and between a lease and its refusal.
it.each([
  ['an hour ahead', hourMs], ['thirty days ahead', 30 * dayMs], ['right again', 0], ['an hour behind', -hourMs], ['thirty days behind', -30 * dayMs], ['thirty days ahead, from thirty behind', 30 * dayMs], ['set right', 0],
])('renews once, ends nothing too early and waits no longer while the clock of the service is %s', async (_what, ms) => {
  const { epoch } = await lease();
  skewMs = ms;
  const renewed = await lease({ rejectedEpoch: epoch });
  expect(renewed.epoch).toBe(epoch + 1);
  expect((await fetch(`${renewed.instanceUrl}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${renewed.accessToken}` } })).status).toBe(200);
  // A token just renewed is not kept alive, however old this clock makes it.
  await upkeep();
  expect(refreshesOf(simulator)).toEqual([200]);
  simulator.settings.orgInactive = true;
  for (let look = 0; look < 2; look += 1) {
    await lease({ rejectedEpoch: renewed.epoch }).catch(() => undefined);
    await due();
    await upkeep();
    await until('the connection is held', async () => (await shown()).state === 'held');
  }
  expect(await shown()).toMatchObject({ attention: { cause: 'org-inactive' } });
  simulator.settings.orgInactive = false;
  await due();
  await upkeep();
  await until('the connection works again', async () => (await shown()).state === 'active');
});

it.each([['twenty seconds behind', 20], ['forty seconds ahead', -40]])('names the clocks as well when they are only %s, for the request says when it was made', async (_what, aheadSeconds) => {
  const iat = Math.floor(Date.now() / 1_000) + aheadSeconds;
  const request = await ingest.signed({ connectionId: person.connectionId, iat }, { lifeSeconds: aheadSeconds + 20 });
  await expect(ingest.ask(leaseAccessToken, { request })).rejects.toMatchObject({ code: 'LEASE_CLOCKS_DIFFER' });
});

it('calls no difference of clocks what claims to live longer than a request may', async () => {
  const request = await ingest.signed({ connectionId: person.connectionId, iat: Math.floor(Date.now() / 1_000) - 30 }, { lifeSeconds: 20 });
  await expect(ingest.ask(leaseAccessToken, { request })).rejects.toMatchObject({ code: 'LEASE_REQUEST_INVALID' });
});

it.each([['an hour behind', 3_600], ['a day ahead', -86_400]])('refuses a service whose own clock makes auth-service appear %s, naming the clocks, and harms nothing', async (_what, lifeSeconds) => {
  const request = await ingest.signed({ connectionId: person.connectionId }, { lifeSeconds });
  await expect(ingest.ask(leaseAccessToken, { request })).rejects.toMatchObject({ code: 'LEASE_CLOCKS_DIFFER', action: expect.stringContaining('set the clocks') as string });
  expect(await shown()).toMatchObject({ state: 'active', attention: null });
  expect((await lease()).epoch).toBeGreaterThan(0);
});

it('waits for nothing that a clock of the database dated which ran ahead', async () => {
  const { connectionId } = person;
  const { epoch } = await lease();
  await auth.pool.query("update oauth_grant set lease_owner = 'gone/1', lease_until = now() + interval '1 hour', refreshed_at = now() + interval '30 days' where connection_id = $1 and state = 'live'", [connectionId]);
  await auth.pool.query("update connection set next_check_at = now() + interval '30 days' where id = $1", [connectionId]);
  await auth.pool.query("update refresh_slot set owner = 'gone/1', until = now() + interval '1 hour'");
  auth.app.get(ClockSteps).note(new Date(Date.now() + hourMs));
  await upkeep();
  expect((await lease({ rejectedEpoch: epoch })).epoch).toBe(epoch + 1);
  expect(refreshesOf(simulator)).toEqual([200]);
});
