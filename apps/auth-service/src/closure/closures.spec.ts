import { disconnectConnection, getConnection, listConnections } from '@tributary/api-contracts';
import { copyClosed, datasetClosed, type ConnectionId } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Closures } from './closures.ts';
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
  // It must not take the answer meant for a test.
  await harness.nothingToRevoke();
});

const disconnect = (data: 'keep' | 'erase') => harness.gateway.ask(disconnectConnection, { personId: person.personId, connectionId: person.connectionId, data });
const storedState = async (id: string = person.connectionId) => (await harness.auth.pool.query<{ state: string }>('select state from connection where id = $1', [id])).rows[0]?.state;
const timeline = async () => (await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).timeline.map(({ kind }) => kind);
const asked = (id: string) => harness.bus.events.filter(({ type, subject }) => type === 'auth.connection.erased' && subject === id).length;

function confirm(definition: typeof copyClosed | typeof datasetClosed, data: 'keep' | 'erase', connectionId: ConnectionId = person.connectionId): void {
  harness.others.publish(definition.subject(connectionId), JSON.stringify(definition.create({ connectionId, data })));
}

it('purges an erased connection only when both others have confirmed, and tells each', async () => {
  expect(await disconnect('erase')).toMatchObject({ state: 'purged', revoked: true });
  expect(await storedState()).toBe('disconnected');
  confirm(copyClosed, 'erase');
  await until('the first confirmation', async () => (await timeline()).includes('copy-erased'));
  expect(await storedState()).toBe('disconnected');
  confirm(datasetClosed, 'erase');
  await until('the purge', async () => (await storedState()) === 'purged');
  expect((await timeline()).slice(0, 5)).toEqual(['erased', 'copy-erased', 'copy-erased', 'revoked', 'disconnected']);
});

it('leaves a kept connection disconnected, whoever confirms what', async () => {
  await disconnect('keep');
  confirm(copyClosed, 'keep');
  confirm(datasetClosed, 'erase');
  confirm(datasetClosed, 'keep');
  await until('both confirmations', async () => (await timeline()).filter((kind) => kind === 'copy-frozen').length === 2);
  expect([await storedState(), (await timeline()).includes('erased')]).toEqual(['disconnected', false]);
});

it('does not count an answer to an earlier wish', async () => {
  await disconnect('keep');
  confirm(copyClosed, 'keep');
  await until('the confirmation', async () => (await timeline()).includes('copy-frozen'));
  expect(await disconnect('erase')).toMatchObject({ state: 'purged' });
  confirm(datasetClosed, 'erase');
  await until('the confirmation', async () => (await timeline()).includes('copy-erased'));
  expect(await storedState()).toBe('disconnected');
  confirm(copyClosed, 'erase');
  await until('the purge', async () => (await storedState()) === 'purged');
});

it('asks again whoever is late, and never about a connection that lives again', async () => {
  await disconnect('keep');
  await until('the first question', () => asked(person.connectionId) === 1);
  await harness.auth.pool.query("update closure set next_ask_at = now() - interval '1 second'");
  await harness.auth.app.get(Closures).askAgain();
  await until('the second question', () => asked(person.connectionId) === 2);
  expect(await timeline()).toContain('closure-late');
  expect((await harness.connect()).connectionId).toBe(person.connectionId);
  await harness.auth.pool.query("update closure set next_ask_at = now() - interval '1 second'");
  await harness.auth.app.get(Closures).askAgain();
  await until('it is dropped', async () => (await harness.auth.pool.query('select from closure where next_ask_at is not null')).rowCount === 0);
  expect(asked(person.connectionId)).toBe(2);
});

it('waits for Salesforce too: confirmations that come first are kept', async () => {
  harness.simulator.faults.add({ match: { path: /oauth2\/revoke$/, times: 1 }, answer: { status: 503, body: '' } });
  expect(await disconnect('erase')).toMatchObject({ state: 'disconnecting', revoked: false });
  confirm(copyClosed, 'erase');
  confirm(datasetClosed, 'erase');
  await until('both confirmations', async () => (await timeline()).filter((kind) => kind === 'copy-erased').length === 2);
  expect(await storedState()).toBe('disconnecting');
  await harness.auth.pool.query('update revocation set next_at = now()');
  await until('the purge', async () => (await storedState()) === 'purged');
});

it('is gone for its person while it is being erased: a new consent makes a new one', async () => {
  await disconnect('erase');
  expect((await harness.gateway.ask(listConnections, { personId: person.personId })).connections).toEqual([]);
  await expect(disconnect('erase')).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
  const again = await harness.connect();
  expect([again.personId, again.connectionId === person.connectionId]).toEqual([person.personId, false]);
  confirm(copyClosed, 'erase');
  confirm(datasetClosed, 'erase');
  await until('the purge', async () => (await storedState()) === 'purged');
  expect(await storedState(again.connectionId)).toBe('active');
});
