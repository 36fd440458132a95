import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { getConnection, redeemSignIn } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { assertionsOf, proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { operate as askOperator } from '../spec-support/operate.harness.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
const people: ConnectedPerson[] = [];
const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

const operate = async (operation: string, body: object = {}) => askOperator(auth.dataFolder, operation, body);

async function restartWith(masterKey: string): Promise<void> {
  const { dataFolder } = auth;
  await auth.app.close();
  auth = await anAuthService(environment, simulator, { variables: { TRIBUTARY_MASTER_KEY: masterKey }, dataFolder });
}

const wrappedBy = async () => (await auth.pool.query<{ kek_id: string }>('select distinct kek_id from vault_key')).rows.map(({ kek_id: id }) => id);

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator, { variables: { TRIBUTARY_MASTER_KEY: oldKey } });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  for (const { username } of simulator.users.slice(0, 3)) people.push(await connectAs(auth, simulator, gateway, { username }));
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

it('answers on a socket that only its own account can open, and to what it knows', async () => {
  expect((statSync(join(auth.dataFolder, 'operate.sock')).mode & 0o777).toString(8)).toBe('600');
  expect(await operate('nonsense')).toMatchObject({ status: 404, answer: { code: 'OPERATION_UNKNOWN' } });
  expect(await operate('rewrap', { more: 1 })).toMatchObject({ status: 400, answer: { code: 'OPERATION_INVALID' } });
  expect(await operate('restore-confirm')).toEqual({ status: 200, answer: { wasSuspended: false } });
});

it('signs the operator in, in the only workspace there is, once per ticket and told in the audit log', async () => {
  const { answer } = await operate('sign-in');
  const person = await gateway.ask(redeemSignIn, { ticket: answer['ticket'] });
  expect(person).toMatchObject({ name: 'Operator', role: 'owner', workspaceId: people[0]?.workspaceId, connectionId: null });
  await expect(gateway.ask(redeemSignIn, { ticket: answer['ticket'] })).rejects.toMatchObject({ code: 'TICKET_INVALID' });
  await expect(gateway.ask(getConnection, { personId: person.personId, connectionId: people[0]?.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  const as = await gateway.ask(redeemSignIn, { ticket: (await operate('sign-in', { as: simulator.users[1]?.username })).answer['ticket'] });
  expect(as.personId).toBe(people[1]?.personId);
  expect(await operate('sign-in', { as: 'nobody@example.com' })).toMatchObject({ status: 404, answer: { code: 'PERSON_UNKNOWN' } });
  expect((await auth.pool.query("select from audit_entry where kind = 'operator-signed-in'")).rowCount).toBe(2);
});

it('wraps every key anew while leases and refreshes go on, and needs the old master key no more', async () => {
  await restartWith(`${newKey},${oldKey}`);
  const [before] = await wrappedBy();
  const working = people.map(async (person) => {
    let epoch = (await ingest.lease({ connectionId: person.connectionId })).epoch;
    for (let round = 0; round < 3; round += 1) epoch = (await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })).epoch;
    return epoch;
  });
  const { answer } = await operate('rewrap');
  expect((await Promise.all(working)).every((epoch) => epoch >= 4)).toBe(true);
  expect(answer).toMatchObject({ unreadable: 0, complete: true });
  const [after, ...others] = await wrappedBy();
  expect([others, after === before, after]).toEqual([[], false, answer['sealing']]);
  expect(Object.entries(answer['wraps'] as Record<string, number>).find(([id]) => id === after)?.[1]).toBeGreaterThanOrEqual(Number(answer['rewrapped']));
  expect((await operate('rewrap')).answer).toMatchObject({ rewrapped: 0, complete: true });
  await restartWith(newKey);
  expect((await ingest.lease({ connectionId: people[0]?.connectionId })).epoch).toBeGreaterThan(3);
});

it('leaves what it cannot open as it is, and says so', async () => {
  const rows = async () => (await auth.pool.query<{ wrapped: Buffer }>('select wrapped from vault_key order by owner_id')).rows.map(({ wrapped }) => wrapped.toString('hex'));
  await restartWith(randomBytes(32).toString('base64'));
  const before = await rows();
  const { answer } = await operate('rewrap');
  expect(answer).toMatchObject({ rewrapped: 0, complete: false, unreadable: before.length });
  expect(await rows()).toEqual(before);
  await restartWith(newKey);
  expect((await ingest.lease({ connectionId: people[0]?.connectionId })).epoch).toBeGreaterThan(3);
});

it('revokes everything when it is confirmed: Salesforce takes nothing any more, nothing is lent, no assertion is signed, every person can come back', async () => {
  const [one] = people;
  if (one === undefined) throw new Error('nobody is connected');
  const keyId = await uploadNewCertificate(gateway, simulator, one.personId);
  Object.assign(simulator.settings, { preauthorisedUsers: [simulator.users[0]?.username] });
  expect(await proveFor(gateway, one)).toMatchObject({ proven: true });
  const tokens = await Promise.all(people.map(({ connectionId }) => ingest.lease({ connectionId })));
  expect(await operate('revoke-everything')).toMatchObject({ status: 400, answer: { code: 'CONFIRMATION_MISSING' } });
  expect((await ingest.lease({ connectionId: people[0]?.connectionId })).epoch).toBe(tokens[0]?.epoch);
  const { answer } = await operate('revoke-everything', { confirm: 'revoke-everything' });
  expect(answer).toMatchObject({ connections: 3, tokens: 4, confirmed: 4, failed: [], signingKeys: 1, keys: { complete: true } });
  for (const { accessToken, instanceUrl } of tokens) expect((await fetch(`${instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(403);
  for (const { connectionId, personId } of people) {
    await expect(ingest.lease({ connectionId })).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
    expect(await gateway.ask(getConnection, { personId, connectionId })).toMatchObject({ state: 'needs_reconsent', attention: { cause: 'revoked-by-operator', who: 'user' } });
  }
  expect((await auth.pool.query('select from vault_key k join oauth_grant g on g.id = k.owner_id')).rowCount).toBe(0);
  // The certificate is still trusted at Salesforce, but nothing that could sign for it is left.
  simulator.log.clear();
  expect(await proveFor(gateway, one)).toMatchObject({ proven: false });
  expect(assertionsOf(simulator)).toEqual([]);
  expect((await auth.pool.query('select state, (select count(*)::int from vault_key where owner_id = $1) as keys from signing_key where id = $1', [keyId])).rows).toEqual([{ state: 'destroyed', keys: 0 }]);
  const again = await connectAs(auth, simulator, gateway, { username: simulator.users[0]?.username ?? '' });
  expect(again.connectionId).toBe(people[0]?.connectionId);
  expect((await ingest.lease({ connectionId: again.connectionId })).epoch).toBeGreaterThan(tokens[0]?.epoch ?? 0);
});
