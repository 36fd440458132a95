import { disconnectConnection, getConnection, listConnections } from '@tributary/api-contracts';
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
  harness.simulator.faults.clear();
  person = await harness.connect();
});

const disconnect = (data: 'keep' | 'erase') => harness.gateway.ask(disconnectConnection, { personId: person.personId, connectionId: person.connectionId, data });
const secretsLeft = async () => (await harness.auth.pool.query('select (select count(*)::int from vault_entry) as entries, (select count(*)::int from vault_key) as keys')).rows[0];

it('revokes at Salesforce, destroys the key and tells the others', async () => {
  const { accessToken, instanceUrl } = await harness.ingest.lease(person);
  expect(await disconnect('keep')).toEqual({ id: person.connectionId, state: 'disconnected', revoked: true, data: 'keep' });
  expect((await fetch(`${instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(403);
  expect(await secretsLeft()).toEqual({ entries: 0, keys: 0 });
  await expect(harness.ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED', kind: 'conflict' });
  await expect(harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: 1 })).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
  await until('the event', () => harness.bus.events.find(({ type, subject }) => type === 'auth.connection.erased' && subject === person.connectionId)?.data['data'] === 'keep');
  await expect(disconnect('keep')).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
});

it('stops lending at once while Salesforce is down, and revokes when it is back', async () => {
  harness.simulator.faults.add({ match: { path: /oauth2\/revoke$/, times: 1 }, answer: { status: 503, body: '' } });
  harness.simulator.log.clear();
  expect(await disconnect('keep')).toMatchObject({ state: 'disconnecting', revoked: false });
  await expect(harness.ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_DISCONNECTED' });
  expect(await secretsLeft()).toEqual({ entries: 1, keys: 1 });
  await harness.auth.pool.query('update revocation set next_at = now()');
  await until('the revocation', async () => (await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).state === 'disconnected');
  expect(harness.simulator.log.entries().filter(({ path }) => path === '/services/oauth2/revoke').map(({ status }) => status)).toEqual([503, 200]);
  expect(await secretsLeft()).toEqual({ entries: 0, keys: 0 });
});

it('erases for good: the connection is gone, and a new consent makes a new one', async () => {
  expect(await disconnect('erase')).toMatchObject({ state: 'purged', revoked: true });
  expect((await harness.gateway.ask(listConnections, { personId: person.personId })).connections).toEqual([]);
  const again = await harness.connect();
  expect([again.personId, again.connectionId === person.connectionId]).toEqual([person.personId, false]);
});

it('lets a kept connection be connected again under its id, or be erased later', async () => {
  await disconnect('keep');
  expect((await harness.connect()).connectionId).toBe(person.connectionId);
  expect((await harness.ingest.lease(person)).epoch).toBeGreaterThan(1);
  await disconnect('keep');
  expect(await disconnect('erase')).toMatchObject({ state: 'purged' });
});

it('is for its own person only', async () => {
  const other = await harness.connect(1);
  await expect(harness.gateway.ask(disconnectConnection, { personId: other.personId, connectionId: person.connectionId, data: 'erase' })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  await expect(harness.gateway.ask(getConnection, { personId: other.personId, connectionId: person.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
});

it('leaves no token anywhere but in the vault: not in tables, events or live messages', async () => {
  await harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: (await harness.ingest.lease(person)).epoch });
  await until('the events are out', async () => (await harness.auth.pool.query('select from outbox where published_at is null')).rowCount === 0);
  const { rows: tables } = await harness.auth.pool.query<{ name: string }>("select table_name as name from information_schema.tables where table_schema = 'auth' and table_name <> 'vault_entry'");
  const dumps = await Promise.all(tables.map(async ({ name }) => (await harness.auth.pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(({ row }) => row).join('\n')));
  const everything = [...dumps, ...harness.bus.raw].join('\n');
  const tokens = harness.simulator.tokens();
  expect([tables.length > 10, tokens.length > 10, everything.includes(person.connectionId)]).toEqual([true, true, true]);
  const canary = (text: string): string[] => tokens.flatMap((token) => [token, Buffer.from(token).toString('base64'), Buffer.from(token).toString('hex'), encodeURIComponent(token)].filter((form) => text.includes(form)));
  expect(canary(`${everything} ${tokens[3]}`)).not.toEqual([]);
  expect(canary(everything)).toEqual([]);
});
