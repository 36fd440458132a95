import { randomUUID } from 'node:crypto';
import { disconnectConnection, leaseAccessToken, mostLeasesTogether } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { Unavailable } from '@tributary/failures';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, isLetGo, until, type ServiceEnvironment } from '@tributary/testing';
import { askerKeys, LeaseAsks, PeerKeys, ServiceKeys } from '@tributary/token-lease';
import { decodeProtectedHeader, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { VaultMeter } from '../vault/vault-meter.ts';
import { RefreshAttempt } from '../grant/refresh-attempt.ts';
import { RefreshLease } from '../grant/refresh-lease.ts';
import { Vault } from '../vault/vault.ts';
import { entering, situations } from './lease-statements.ts';
import { TokenCache } from './token-cache.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator, { variables: { SALESFORCE_API_VERSION: '66' } });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs(auth, simulator, gateway);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

const ask = (request: string) => ingest.ask(leaseAccessToken, { request });

it('lends a working token for fifteen minutes, readable by the asker alone', async () => {
  const request = await ingest.signed({ connectionId: person.connectionId, jti: '0199aa00-0000-7000-8000-0000000000aa' });
  const { reply } = await ask(request);
  expect(decodeProtectedHeader(reply)).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' });
  const lease = await ingest.opened(reply);
  expect(lease).toMatchObject({ iss: 'auth-service', aud: 'ingest-service', jti: '0199aa00-0000-7000-8000-0000000000aa', connectionId: person.connectionId, epoch: 1, flow: 'web-server', instanceUrl: simulator.orgOrigin, apiVersion: '66.0' });
  expect(Date.parse(lease.leaseUntil) - Date.now()).toBeGreaterThan(14 * 60_000);
  expect((await fetch(`${lease.instanceUrl}/services/data/v66.0/limits`, { headers: { authorization: `Bearer ${lease.accessToken}` } })).status).toBe(200);
});

it('notes who used which epoch, for which run', async () => {
  const runId = '0199aa00-0000-7000-8000-0000000000bb';
  await ingest.lease({ connectionId: person.connectionId, runId, purpose: 'interactive' });
  const { rows } = await auth.pool.query('select asker, connection_id, purpose, epoch from lease where run_id = $1', [runId]);
  expect(rows).toEqual([{ asker: 'ingest-service', connection_id: person.connectionId, purpose: 'interactive', epoch: 1 }]);
});

it.each([['lease-enter', entering], ['lease-situations', situations]])('costs the same however many connections there are: %s looks each one up by its key', async (_name, statement) => {
  const plan = await auth.pool.transaction(async (client) => {
    await client.query(`insert into connection select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'user_id', n))).*
      from connection c, generate_series(1, 1000) as n where c.id = $1`, [person.connectionId]);
    // So many that the index of their key has a level more than a smaller one, which is then taken for cheaper.
    await client.query(`insert into oauth_grant select (jsonb_populate_record(g, jsonb_build_object('id', gen_random_uuid(), 'connection_id', c.id))).*
      from oauth_grant g, connection c where g.connection_id = $1 and g.state = 'live' and c.id <> $1 limit 300`, [person.connectionId]);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${statement}`);
    await client.query('delete from oauth_grant where connection_id in (select id from connection where user_id = any (select n::text from generate_series(1, 1000) as n))');
    await client.query('delete from connection where user_id = any (select n::text from generate_series(1, 1000) as n)');
    return rows.map((row) => row['QUERY PLAN']);
  });
  expect(plan.filter((line) => line.includes('connection_pkey'))).toHaveLength(1);
  expect(plan.filter((line) => line.includes('oauth_grant_live'))).toHaveLength(2);
  expect(plan.filter((line) => /Seq Scan on (connection|oauth_grant)/.test(line))).toEqual([]);
});

describe('a request', () => {
  it('counts once', async () => {
    const request = await ingest.signed({ connectionId: person.connectionId });
    await ask(request);
    await expect(ask(request)).rejects.toMatchObject({ code: 'LEASE_REPLAYED', kind: 'unauthenticated' });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['of a service without the right', () => ingest.signed({ connectionId: person.connectionId, iss: 'gateway' }), 'LEASE_FORBIDDEN'],
    ['of analytics', () => ingest.signed({ connectionId: person.connectionId, iss: 'analytics-service' }), 'LEASE_FORBIDDEN'],
    ['signed by another key', async () => ingest.signed({ connectionId: person.connectionId }, { sign: (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey }), 'LEASE_REQUEST_INVALID'],
    ['for another service', () => ingest.signed({ connectionId: person.connectionId, aud: 'analytics-service' }), 'LEASE_REQUEST_INVALID'],
    ['that has ended', () => ingest.signed({ connectionId: person.connectionId }, { lifeSeconds: -5 }), 'LEASE_REQUEST_INVALID'],
    ['that lives longer than 30 seconds', () => ingest.signed({ connectionId: person.connectionId }, { lifeSeconds: 60 }), 'LEASE_REQUEST_INVALID'],
    ['without id', () => ingest.signed({ connectionId: person.connectionId, jti: undefined }), 'LEASE_REQUEST_INVALID'],
    ['without connection', () => ingest.signed({}), 'LEASE_REQUEST_INVALID'],
    ['that is no token', async () => 'hello', 'LEASE_REQUEST_INVALID'],
  ])('%s is refused', async (_what, make, code) => {
    await expect(ask(await make())).rejects.toMatchObject({ code });
  });

  it('of another service does not even arrive', async () => {
    await expect(gateway.ask(leaseAccessToken, { request: await ingest.signed({ connectionId: person.connectionId }) })).rejects.toThrow();
  });
});

describe('several asked for together', () => {
  const missing = '0199aa00-0000-7000-8000-0000000000ff';
  const wanted = (connectionId: string, more: Record<string, unknown> = {}) => ({ jti: randomUUID(), connectionId, purpose: 'background', ...more });

  it('come in one reply, each with its own use, and what cannot be lent at once is left out', async () => {
    const runId = '0199aa00-0000-7000-8000-0000000000dd';
    const leases = [wanted(person.connectionId, { runId }), wanted(missing), wanted(person.connectionId, { runId, purpose: 'interactive' })];
    const jti = randomUUID();
    const { reply } = await ask(await ingest.signed({ jti, leases }));
    const lent = await ingest.openedSeveral(reply);
    expect(lent).toMatchObject({ iss: 'auth-service', aud: 'ingest-service', jti, leases: [{ jti: leases[0]?.jti, connectionId: person.connectionId }, { jti: leases[2]?.jti }] });
    expect(lent.leases[0]?.accessToken).toBe((await ingest.lease({ connectionId: person.connectionId })).accessToken);
    const { rows } = await auth.pool.query('select jti from lease where run_id = $1 order by purpose', [runId]);
    expect(rows).toEqual([{ jti: leases[0]?.jti }, { jti: leases[2]?.jti }]);
  });

  it('count once, alone as well as together', async () => {
    const leases = [wanted(person.connectionId), wanted(person.connectionId)];
    const request = await ingest.signed({ leases });
    await ask(request);
    await expect(ask(request)).rejects.toMatchObject({ code: 'LEASE_REPLAYED' });
    await expect(ask(await ingest.signed({ leases: [wanted(person.connectionId), ...leases] }))).rejects.toMatchObject({ code: 'LEASE_REPLAYED' });
    await expect(ask(await ingest.signed({ ...leases[0] }))).rejects.toMatchObject({ code: 'LEASE_REPLAYED' });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['without any', () => ingest.signed({ leases: [] }), 'LEASE_REQUEST_INVALID'],
    ['of more than a reply has room for', () => ingest.signed({ leases: Array.from({ length: mostLeasesTogether + 1 }, () => wanted(person.connectionId)) }), 'LEASE_REQUEST_INVALID'],
    ['with one that has no id', () => ingest.signed({ leases: [{ connectionId: person.connectionId, purpose: 'background' }] }), 'LEASE_REQUEST_INVALID'],
    ['of a service without the right', () => ingest.signed({ iss: 'gateway', leases: [wanted(person.connectionId)] }), 'LEASE_FORBIDDEN'],
  ])('are refused %s', async (_what, make, code) => {
    await expect(ask(await make())).rejects.toMatchObject({ code });
  });

  it('travel in few requests when ingest-service wants them at the same moment, and each failure stays its own', async () => {
    let requests = 0;
    const { ingest: own, auth: { sign, encrypt } } = environment.keys;
    const asks = new LeaseAsks({
      send: async (request) => {
        requests += 1;
        return (await ask(request)).reply;
      },
      keys: askerKeys(ServiceKeys.parse(own), PeerKeys.parse({ 'auth-service': { sign, encrypt } })['auth-service']), now: () => new Date(),
    });
    const outcomes = await Promise.allSettled([...Array.from({ length: 19 }, () => person.connectionId), missing].map((connectionId) => asks.lease({ connectionId: ConnectionId.parse(connectionId), purpose: 'background' })));
    expect(outcomes.slice(0, 19).map(({ status }) => status)).toEqual(Array.from({ length: 19 }, () => 'fulfilled'));
    expect(outcomes[19]).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_NOT_FOUND' } });
    // Two that carry ten each, and the failing one alone.
    expect(requests).toBe(3);
    const { epoch } = await asks.lease({ connectionId: ConnectionId.parse(person.connectionId), purpose: 'background' });
    expect(await asks.lease({ connectionId: ConnectionId.parse(person.connectionId), purpose: 'background', rejectedEpoch: epoch })).toMatchObject({ epoch: epoch + 1 });
  });
});

it('waits for an epoch that is announced but not there yet', async () => {
  const { epoch } = await ingest.lease(person);
  const waiting = ingest.lease({ connectionId: person.connectionId, minEpoch: epoch + 1 });
  await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch });
  expect((await waiting).epoch).toBe(epoch + 1);
});

it('lends what it has in memory without opening the vault again, as long as the epoch stands', async () => {
  const { epoch, accessToken } = await ingest.lease(person);
  simulator.log.clear();
  const { rows: [kept] } = await auth.pool.query<{ sealed: Buffer }>("select sealed from vault_entry where field = 'access_token'");
  await auth.pool.query("update vault_entry set sealed = '\\x00' where field = 'access_token'");
  const leases = await Promise.all(Array.from({ length: 50 }, () => ingest.lease(person)));
  expect(new Set(leases.map((lease) => lease.accessToken))).toEqual(new Set([accessToken]));
  await auth.pool.query("update vault_entry set sealed = $1 where field = 'access_token'", [kept?.sealed]);
  expect((await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })).epoch).toBe(epoch + 1);
  expect(simulator.log.entries().map(({ grantType }) => grantType)).toEqual(['refresh_token']);
});

it('opens the vault once for callers that come together, and forgets a token that another one has replaced', async () => {
  const { epoch } = await ingest.lease(person);
  const [vault, cache] = [auth.app.get(Vault), auth.app.get(TokenCache)];
  const opens: string[] = [];
  const open = vault.open.bind(vault);
  vault.open = async (...asked) => {
    opens.push(`${asked[2]} ${asked[3]}`);
    return open(...asked);
  };
  const leases = await Promise.all(Array.from({ length: 40 }, () => ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })));
  expect(new Set(leases.map((lease) => lease.epoch))).toEqual(new Set([epoch + 1]));
  vault.open = open;
  expect(opens.filter((text) => text === `access_token ${epoch + 1}`)).toHaveLength(1);
  await cache.forgetEnded();
  expect(cache.size).toBe(1);
  await auth.pool.query("update oauth_grant set epoch = epoch + 1 where state = 'live'");
  await cache.forgetEnded();
  await auth.pool.query("update oauth_grant set epoch = epoch - 1 where state = 'live'");
  expect(cache.size).toBe(0);
});

it('holds no token of a connection that was disconnected, and holds it until then', async () => {
  const other = await connectAs(auth, simulator, gateway, { username: simulator.users[1]?.username ?? '' });
  const { epoch } = await ingest.lease({ connectionId: other.connectionId });
  const { rows: [grant] } = await auth.pool.query<{ id: string }>('select id from oauth_grant where connection_id = $1', [other.connectionId]);
  const cache = auth.app.get(TokenCache);
  const token = new WeakRef(await cache.tokenOf(grant?.id ?? '', epoch) ?? {});
  expect(await isLetGo(token)).toBe(false);
  await gateway.ask(disconnectConnection, { personId: other.personId, connectionId: other.connectionId, data: 'keep' });
  await cache.forgetEnded();
  expect(await isLetGo(token)).toBe(true);
});

it.each(['access_token', 'refresh_token'])('takes nothing for unreadable whose %s was replaced between two reads', async (field) => {
  const { epoch } = await ingest.lease(person);
  const vault = auth.app.get(Vault);
  const open = vault.open.bind(vault);
  vault.open = async (...asked) => {
    if (asked[2] === field) {
      vault.open = open;
      // As another process does: what is about to be read is gone.
      await auth.app.get(RefreshAttempt).execute(await auth.app.get(RefreshLease).situationOf(person.connectionId), 'claim', true);
    }
    return open(...asked);
  };
  // In memory is what the refresh before has left.
  auth.app.get(TokenCache).forgetAll();
  const lease = await ingest.lease({ connectionId: person.connectionId, ...(field === 'refresh_token' ? { rejectedEpoch: epoch } : {}) });
  expect(lease.epoch).toBe(epoch + 1);
  expect((await auth.pool.query('select state from connection where id = $1', [person.connectionId])).rows).toEqual([{ state: 'active' }]);
});

it('waits for its turn when secrets are opened too fast, as the vault says', async () => {
  auth.app.get(TokenCache).forgetAll();
  const meter = auth.app.get(VaultMeter);
  const opening = meter.opening.bind(meter);
  meter.opening = async () => {
    throw new Unavailable('VAULT_BUSY', 'Too many secrets are being opened at the moment.', { retryAfterMs: 5_000 });
  };
  await expect(ingest.lease(person)).rejects.toMatchObject({ code: 'VAULT_BUSY', kind: 'unavailable', retryAfterMs: 5_000 });
  meter.opening = opening;
  expect((await ingest.lease(person)).epoch).toBeGreaterThan(0);
});

it('is looked up by index', async () => {
  await auth.pool.query('set enable_seqscan = off');
  const { rows } = await auth.pool.query<{ 'QUERY PLAN': string }>("explain select epoch from oauth_grant where connection_id = '0199aa00-0000-7000-8000-0000000000aa' and state = 'live' order by epoch desc limit 1");
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/oauth_grant_(live|connection)/);
});

describe('with another master key', () => {
  it('says who must act, overwrites nothing, and goes on once the right key is back', async () => {
    const before = (await auth.pool.query('select owner_id, sealed from vault_entry order by 1')).rows;
    await auth.app.close();
    const wrong = await anAuthService(environment, simulator, { variables: { TRIBUTARY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') } });
    await expect(ingest.lease(person)).rejects.toMatchObject({ code: 'VAULT_UNREADABLE', kind: 'unavailable' });
    await expect(ingest.lease(person)).rejects.toMatchObject({ code: 'CONNECTION_NEEDS_ADMIN', details: { cause: 'vault-unreadable' } });
    expect((await wrong.pool.query('select owner_id, sealed from vault_entry order by 1')).rows).toEqual(before);
    await wrong.app.close();
    auth = await anAuthService(environment, simulator);
    await until('the connection recovers', async () => (await ingest.lease(person)).epoch > 0);
  });
});
