import { connectByJwt, disconnectConnection, listAccessCalls, runDoctor, type SalesforceCallRecord } from '@tributary/api-contracts';
import { ConnectionId, copyClosed, datasetClosed } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
  person = await harness.connect();
});

beforeEach(async () => {
  await harness.nothingToRevoke();
  harness.simulator.log.clear();
});

afterAll(() => harness?.stop());

async function calls(wanted: object = {}, of: Pick<ConnectedPerson, 'personId' | 'connectionId'> = person): Promise<SalesforceCallRecord[]> {
  return (await harness.gateway.ask(listAccessCalls, { personId: of.personId, connectionId: of.connectionId, limit: 500, ...wanted })).calls;
}

/** What the simulator was asked, but for the pages a person sees. */
function asked(): string[] {
  return harness.simulator.log.entries().filter(({ path }) => /^\/(services\/oauth2\/(token|revoke|userinfo)|id|\.well-known)(\/|$)/.test(path)).map(({ method, path, status }) => `${method} ${path} ${status}`).toSorted();
}

/** Calls that are listed since the log of the simulator was cleared. */
async function listedSince(before: readonly SalesforceCallRecord[], of = person): Promise<string[]> {
  return (await calls({}, of)).filter(({ id }) => !before.some((call) => call.id === id)).map(({ method, path, status }) => `${method} ${path} ${status}`).toSorted();
}

it('lists the calls that led to a connection, from the exchange of the code on', async () => {
  const made = (await calls()).map(({ purpose, status }) => `${purpose} ${status}`);
  expect(made.toReversed()).toEqual(['token-code 200', 'login-host 200', 'login-keys 200', 'identity 200']);
  harness.simulator.log.clear();
  const other = await harness.connect(1);
  await until('each of them', async () => (await calls({}, other)).length === asked().length);
  expect(await listedSince([], other)).toEqual(asked());
});

it('lists every call of a refresh, of the doctor, of an assertion and of a revocation, and nothing else', async () => {
  const before = await calls();
  await harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: 1 });
  await uploadNewCertificate(harness.gateway, harness.simulator, person.personId);
  await proveFor(harness.gateway, person);
  await harness.gateway.ask(runDoctor, { personId: person.personId, connectionId: person.connectionId });
  await harness.connect();
  await harness.nothingToRevoke();
  expect(await listedSince(before)).toEqual(asked());
  const purposes = new Set((await calls()).map(({ purpose }) => purpose));
  expect([...purposes].toSorted()).toEqual(['identity', 'login-host', 'login-keys', 'token-assertion', 'token-code', 'token-refresh', 'token-revoke', 'userinfo']);
  expect(await calls({ purpose: 'token-refresh' })).toMatchObject([{ method: 'POST', path: '/services/oauth2/token', status: 200, countsAgainstLimit: false, object: null, rows: null, apiUsed: null }]);
});

it('lists the assertions by which an access is renewed, those that are refused too', async () => {
  const before = await calls();
  const { epoch } = await harness.ingest.lease({ connectionId: person.connectionId });
  harness.simulator.faults.add({ match: { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', host: 'org', times: 1 }, answer: { status: 400, body: JSON.stringify({ error: 'invalid_grant', error_description: 'audience is invalid' }) } });
  expect(await harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })).toMatchObject({ flow: 'jwt-bearer' });
  expect(await listedSince(before)).toEqual(asked());
  expect(asked()).toEqual(['POST /services/oauth2/token 200', 'POST /services/oauth2/token 400']);
});

it('lists the calls by which a user was connected without a browser', async () => {
  const username = harness.simulator.users[2]?.username ?? '';
  harness.simulator.settings.preauthorisedUsers = [username];
  const { connectionId } = await harness.gateway.ask(connectByJwt, { personId: person.personId, request: { username } });
  expect(connectionId).not.toBeNull();
  expect(await listedSince([], { ...person, connectionId: ConnectionId.parse(connectionId) })).toEqual(asked());
});

it('lists a call that got no answer with the status 0', async () => {
  harness.simulator.faults.add({ match: { path: /openid-configuration$/, times: 1 }, answer: 'reset' });
  await harness.gateway.ask(runDoctor, { personId: person.personId, connectionId: person.connectionId });
  expect(await calls({ purpose: 'login-host', limit: 1 })).toMatchObject([{ status: 0 }]);
});

it('keeps no token, no code and no query', async () => {
  const stored = JSON.stringify((await harness.auth.pool.query('select * from salesforce_call')).rows);
  expect(harness.simulator.tokens().filter((token) => stored.includes(token))).toEqual([]);
  expect(stored).not.toMatch(/[?&=]|code_verifier|assertion":/);
});

it('is for who may see the connection', async () => {
  const other = await harness.connect(1);
  await expect(calls({}, { personId: other.personId, connectionId: person.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
});

it('goes with an erased connection, the call that revoked its access too', async () => {
  const { connectionId } = person;
  await harness.gateway.ask(disconnectConnection, { personId: person.personId, connectionId, data: 'erase' });
  const closed = (service: typeof copyClosed | typeof datasetClosed) => harness.others.publish(service.subject(connectionId), JSON.stringify(service.create({ connectionId, data: 'erase' })));
  closed(copyClosed);
  closed(datasetClosed);
  const left = async () => (await harness.auth.pool.query('select from salesforce_call where connection_id = $1', [connectionId])).rowCount;
  await until('the erasure', async () => (await harness.auth.pool.query(`select from connection where id = $1 and state = 'purged'`, [connectionId])).rowCount === 1);
  expect(await left()).toBe(0);
  await new Promise((resolve) => void setTimeout(resolve, 1_200));
  expect(await left()).toBe(0);
});
