import { getConnection } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, FaultProxy, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';

/** Bytes between two cuts; 1 tries every byte of the answer. */
const step = Number(process.env['TRIBUTARY_TEST_BYTE_STEP'] ?? 200);

let environment: ServiceEnvironment;
let simulator: Simulator;
let link: FaultProxy;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  link = await FaultProxy.start(Number(new URL(simulator.loginOrigin).port));
  auth = await anAuthService(environment, { loginOrigin: simulator.loginOrigin, client: simulator.client, origins: [...simulator.origins, link.origin] });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await link?.stop();
  await simulator?.stop();
  await environment?.stop();
});

beforeEach(() => {
  link.set({});
  simulator.log.clear();
});

/** Consents; from then on the connection is refreshed over the link. */
async function connected(): Promise<ConnectedPerson> {
  const person = await connectAs(auth, simulator, gateway);
  await auth.pool.query('update oauth_grant set login_origin = $1 where connection_id = $2', [link.origin, person.connectionId]);
  await auth.pool.query('delete from final_verdict');
  return person;
}

const lease = ({ connectionId }: ConnectedPerson, rejectedEpoch?: number) => ingest.lease({ connectionId, ...(rejectedEpoch === undefined ? {} : { rejectedEpoch }) });
const shown = ({ personId, connectionId }: ConnectedPerson) => gateway.ask(getConnection, { personId, connectionId });

/** A refresh that nothing hinders. @returns bytes of its answer, head included */
async function refreshed(person: ConnectedPerson): Promise<number> {
  link.set({});
  const { epoch } = await lease(person);
  expect((await lease(person, epoch)).epoch).toBe(epoch + 1);
  return link.answered;
}

/** Where the answer is cut: none of it, each step, all but its last byte. */
function cutsOf(bytes: number): number[] {
  return [...new Set([1, ...Array.from({ length: Math.ceil(bytes / step) }, (_, index) => index * step), bytes - 1])].filter((at) => at > 0 && at < bytes).toSorted((a, b) => a - b);
}

it('costs nothing where Salesforce keeps its refresh tokens: it is asked once more, and the next token works', async () => {
  simulator.settings.rotation = false;
  const person = await connected();
  const cuts = cutsOf(await refreshed(person));
  expect(cuts.length).toBeGreaterThan(4);
  for (const limitBytes of cuts) {
    const { epoch } = await lease(person);
    simulator.log.clear();
    link.set({ down: { limitBytes, times: 1 } });
    expect((await lease(person, epoch)).epoch, `cut after ${limitBytes} bytes`).toBe(epoch + 1);
    expect(refreshesOf(simulator), `cut after ${limitBytes} bytes`).toEqual([200, 200]);
    // One call in three without an answer is no reason to rest the host.
    await refreshed(person);
  }
  expect(await shown(person)).toMatchObject({ state: 'active', attention: null });
}, 60_000 + 4_000 * (400 / step));

it('is named as the cause where the only copy of a new token was in it: nothing half is stored, and one consent mends it', async () => {
  simulator.settings.rotation = true;
  const cuts = cutsOf(await refreshed(await connected())).filter((_at, index, all) => step < 400 || index % 3 === 0 || index === all.length - 1);
  for (const limitBytes of cuts) {
    const person = await connected();
    await refreshed(person);
    const { epoch } = await lease(person);
    simulator.log.clear();
    link.set({ down: { limitBytes, times: 1 } });
    await expect(lease(person, epoch), `cut after ${limitBytes} bytes`).rejects.toMatchObject({ code: 'GRANT_REVOKED', details: { cause: 'rotation-lost' } });
    expect(refreshesOf(simulator), `cut after ${limitBytes} bytes`).toEqual([200, 400]);
    expect(await shown(person)).toMatchObject({ state: 'needs_reconsent', attention: { cause: 'rotation-lost', who: 'user' } });
  }
  expect(await shown(await connected())).toMatchObject({ state: 'active', attention: null });
}, 60_000 + 8_000 * (400 / step));

it('is no loss once its last byte is there, however the connection ends', async () => {
  simulator.settings.rotation = true;
  const person = await connected();
  const bytes = await refreshed(person);
  const { epoch } = await lease(person);
  simulator.log.clear();
  link.set({ down: { limitBytes: bytes, atLimit: 'close' } });
  expect((await lease(person, epoch)).epoch).toBe(epoch + 1);
  expect(refreshesOf(simulator)).toEqual([200]);
});
