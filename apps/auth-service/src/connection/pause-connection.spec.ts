import { getConnection, pauseConnection } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Asker, anAuthService, listenToBus, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';

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
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), bus?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

beforeEach(async () => {
  person = await connectAs(auth, simulator, gateway);
});

const pause = (paused: boolean, personId = person.personId) => gateway.ask(pauseConnection, { personId, connectionId: person.connectionId, paused });
const told = () => bus.events.filter(({ type, subject }) => type === 'auth.connection.paused' && subject === person.connectionId).map(({ data }) => data['paused']);

it('lends nothing while paused, and lends again after, telling the others each once', async () => {
  const before = told().length;
  expect(await pause(true)).toMatchObject({ state: 'paused' });
  expect(await pause(true)).toMatchObject({ state: 'paused' });
  await expect(ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_PAUSED', kind: 'conflict' });
  expect(await pause(false)).toMatchObject({ state: 'active' });
  expect(await pause(false)).toMatchObject({ state: 'active' });
  expect((await ingest.lease(person)).epoch).toBeGreaterThan(0);
  await until('both events', () => told().length === before + 2);
  expect(told().slice(before)).toEqual([true, false]);
  const { timeline } = await gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
  expect(timeline.slice(0, 2).map(({ kind }) => kind)).toEqual(['resumed', 'paused']);
});

it('stays paused when trouble met in between is over', async () => {
  await pause(true);
  await auth.pool.query("update connection set state = 'degraded', attention_cause = 'as-unavailable', attention_who = 'nobody', attention_text = 'x', attention_since = now(), next_check_at = now() - interval '1 second' where id = $1", [person.connectionId]);
  await until('it has recovered into the pause', async () => (await gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).state === 'paused');
  await expect(ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_PAUSED' });
});

it('ends with a new consent', async () => {
  await pause(true);
  await connectAs(auth, simulator, gateway);
  expect(await gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).toMatchObject({ state: 'active' });
});

it('is refused where there is nothing to pause, and to anybody else', async () => {
  const other = await connectAs(auth, simulator, gateway, { username: simulator.users[1]?.username ?? '' });
  await expect(pause(true, other.personId)).rejects.toMatchObject({ kind: expect.stringMatching(/not-found|forbidden/) });
  await auth.pool.query("update connection set state = 'needs_reconsent' where id = $1", [person.connectionId]);
  await expect(pause(true)).rejects.toMatchObject({ code: 'CONNECTION_CANNOT_PAUSE' });
});
