import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { leaseAccessToken } from '@tributary/api-contracts';
import { SignJWT, compactDecrypt, jwtVerify } from 'jose';
import type { Call } from './lease-caller.ts';
import { shown, type LoadResult } from './load.ts';
import { replyTo, type Connected } from './people.ts';
import type { Place } from './place.ts';
import { processorSeconds } from './processor.ts';
import { asymmetricKey, publicKeys } from './service-keys.ts';

const warmUps = 3_000;
const leases = 8_000;
const atOnce = [4, 8, 32] as const;
const offered = [1_000, 2_000] as const;

/** Leases of tokens that are in memory, beside the floor: the same bus and the same asking side, and an answer of the same length. */
export async function benchLeases(place: Place, connected: readonly Connected[]): Promise<void> {
  await prove(place, connected);
  const connectionIds = connected.map(({ connectionId }) => connectionId);
  const product = { bus: place.bus('ingest'), subject: leaseAccessToken.subject, key: place.keys.ingest.sign, connectionIds };
  await measured(place, { ...product, count: warmUps, pace: { atOnce: 8 } });
  for (const places of atOnce) console.log(`leases of cached tokens, ${places} at a time: ${await measured(place, { ...product, count: leases, pace: { atOnce: places } })}`);
  for (const perSecond of offered) console.log(`leases of cached tokens, ${perSecond} offered each second: ${await measured(place, { ...product, count: 4 * perSecond, pace: { perSecond } })}`);
  const floors = await startFloor(place);
  const floor = { ...product, bus: place.bus('floor'), subject: 'floor', connectionIds: [randomUUID()] };
  await measured(place, { ...floor, count: warmUps, pace: { atOnce: 8 } });
  for (const pace of [{ atOnce: 8 }, { perSecond: 2_000 }]) console.log(`floor (the bus alone), ${'atOnce' in pace ? `${pace.atOnce} at a time` : `${pace.perSecond} offered each second`}: ${await measured(place, { ...floor, count: leases, pace })}`);
  for (const child of floors) child.kill('SIGKILL');
}

/** Rate and times, and how many processors each of those used who share them. */
async function measured({ processes, servers }: Place, call: Call): Promise<string> {
  const caller = fork(join(import.meta.dirname, 'lease-caller.ts'));
  caller.send(call);
  await once(caller, 'message');
  const parts = { 'auth-service': processes, PostgreSQL: [servers.postgres], NATS: [servers.nats], 'the asking side': [caller.pid ?? 0] };
  const used = async (): Promise<number[]> => Promise.all(Object.values(parts).map(async (pids) => (await Promise.all(pids.map(processorSeconds))).reduce((sum, seconds) => sum + seconds, 0)));
  const before = await used();
  const startedAt = performance.now();
  const answered = once(caller, 'message');
  caller.send('start');
  const [result] = (await answered) as [LoadResult];
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await used();
  caller.kill('SIGKILL');
  return `${shown(result)}; processors in use: ${Object.keys(parts).map((part, index) => `${part} ${(((after[index] ?? 0) - (before[index] ?? 0)) / seconds).toFixed(2)}`).join(', ')}`;
}

/** What is measured is a lease: it opens with the asker's key and holds a token. */
async function prove(place: Place, connected: readonly Connected[]): Promise<void> {
  const bus = await connect(place.bus('ingest'));
  const request = await new SignJWT({ iss: 'ingest-service', aud: 'auth-service', jti: randomUUID(), purpose: 'background', connectionId: connected[0]?.connectionId })
    .setProtectedHeader({ alg: 'EdDSA' }).setExpirationTime('29s').sign(await asymmetricKey(place.keys.ingest.sign, 'EdDSA'));
  const { reply } = leaseAccessToken.reply.parse(await replyTo(bus, leaseAccessToken.subject, { request }));
  const { plaintext } = await compactDecrypt(reply, await asymmetricKey(place.keys.ingest.encrypt, 'ECDH-ES+A256KW'));
  const { payload } = await jwtVerify(plaintext, await asymmetricKey(publicKeys(place.keys.auth).sign, 'EdDSA'), { issuer: 'auth-service', audience: 'ingest-service' });
  if (typeof payload['accessToken'] !== 'string' || !place.simulator.tokens().includes(payload['accessToken'])) throw new Error('the lease holds no token of the simulator');
  await bus.close();
}

async function startFloor(place: Place): Promise<ChildProcess[]> {
  return Promise.all(place.processes.map(async () => {
    const child = fork(join(import.meta.dirname, 'floor-responder.ts'));
    child.send(place.bus('floor'));
    await once(child, 'message');
    return child;
  }));
}
