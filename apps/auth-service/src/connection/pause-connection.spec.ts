import { getConnection, pauseConnection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
});

afterAll(() => harness?.stop());

beforeEach(async () => {
  person = await harness.connect();
});

const pause = (paused: boolean, personId = person.personId) => harness.gateway.ask(pauseConnection, { personId, connectionId: person.connectionId, paused });
const told = () => harness.bus.events.filter(({ type, subject }) => type === 'auth.connection.paused' && subject === person.connectionId).map(({ data }) => data['paused']);

it('lends nothing while paused, and lends again after, telling the others each once', async () => {
  const before = told().length;
  expect(await pause(true)).toMatchObject({ state: 'paused' });
  expect(await pause(true)).toMatchObject({ state: 'paused' });
  await expect(harness.ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_PAUSED', kind: 'conflict' });
  expect(await pause(false)).toMatchObject({ state: 'active' });
  expect(await pause(false)).toMatchObject({ state: 'active' });
  expect((await harness.ingest.lease(person)).epoch).toBeGreaterThan(0);
  await until('both events', () => told().length === before + 2);
  expect(told().slice(before)).toEqual([true, false]);
  const { timeline } = await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
  expect(timeline.slice(0, 2).map(({ kind }) => kind)).toEqual(['resumed', 'paused']);
});

it('stays paused when trouble met in between is over', async () => {
  await pause(true);
  await harness.auth.pool.query("update connection set state = 'degraded', attention_cause = 'as-unavailable', attention_who = 'nobody', attention_text = 'x', attention_since = now(), next_check_at = now() - interval '1 second' where id = $1", [person.connectionId]);
  await until('it has recovered into the pause', async () => (await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).state === 'paused');
  await expect(harness.ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_PAUSED' });
});

it('ends with a new consent', async () => {
  await pause(true);
  await harness.connect();
  expect(await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).toMatchObject({ state: 'active' });
});

it('is refused where there is nothing to pause, and to anybody else', async () => {
  const other = await harness.connect(1);
  await expect(pause(true, other.personId)).rejects.toMatchObject({ kind: expect.stringMatching(/not-found|forbidden/) });
  await harness.auth.pool.query("update connection set state = 'needs_reconsent' where id = $1", [person.connectionId]);
  await expect(pause(true)).rejects.toMatchObject({ code: 'CONNECTION_CANNOT_PAUSE' });
});
