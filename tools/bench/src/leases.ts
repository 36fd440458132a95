import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { leaseAccessToken } from '@tributary/api-contracts';
import { SignJWT, compactDecrypt, jwtVerify } from 'jose';
import { load, shown, type LoadResult } from './load.ts';
import { replyTo, type Connected } from './people.ts';
import type { Place } from './place.ts';
import { asymmetricKey, publicKeys } from './service-keys.ts';

const warmUps = 1_000;
const leases = 6_000;
const atOnce = 8;

/** Leases of tokens that are in memory, beside the floor: the same bus, the same signatures and encryption, and nothing else. */
export async function benchLeases(place: Place, connected: readonly Connected[], replicas: number): Promise<void> {
  const bus = await connect(place.bus('ingest'));
  await prove(place, bus, connected);
  await run(place, bus, connected, warmUps);
  const lent = await run(place, bus, connected, leases);
  const floor = await benchFloor(place, replicas);
  console.log(shown(`leases of cached tokens, ${replicas} processes, ${atOnce} at a time`, lent));
  console.log(shown('floor: bus, signatures and encryption alone', floor));
  console.log(`ratio to the floor: ${(lent.perSecond / floor.perSecond).toFixed(2)} of its rate, ${(lent.p99Ms / floor.p99Ms).toFixed(2)} times its p99`);
  await bus.close();
}

async function run(place: Place, bus: NatsConnection, connected: readonly Connected[], count: number): Promise<LoadResult> {
  return load(await requests(place, connected, count), atOnce, (request) => replyTo(bus, leaseAccessToken.subject, { request }));
}

/** Signed beforehand, so that the asking side costs the measurement as little as it can. */
async function requests({ keys }: Place, connected: readonly Connected[], count: number): Promise<string[]> {
  const sign = await asymmetricKey(keys.ingest.sign, 'EdDSA');
  return Promise.all(Array.from({ length: count }, (_, index) =>
    new SignJWT({ iss: 'ingest-service', aud: 'auth-service', jti: randomUUID(), purpose: 'background', connectionId: connected[index % connected.length]?.connectionId })
      .setProtectedHeader({ alg: 'EdDSA' }).setExpirationTime('29s').sign(sign)));
}

/** What is measured is a lease: it opens with the asker's key and holds a token. */
async function prove(place: Place, bus: NatsConnection, connected: readonly Connected[]): Promise<void> {
  const [request = ''] = await requests(place, connected, 1);
  const { reply } = leaseAccessToken.reply.parse(await replyTo(bus, leaseAccessToken.subject, { request }));
  const { plaintext } = await compactDecrypt(reply, await asymmetricKey(place.keys.ingest.encrypt, 'ECDH-ES+A256KW'));
  const { payload } = await jwtVerify(plaintext, await asymmetricKey(publicKeys(place.keys.auth).sign, 'EdDSA'), { issuer: 'auth-service', audience: 'ingest-service' });
  if (typeof payload['accessToken'] !== 'string' || !place.simulator.tokens().includes(payload['accessToken'])) throw new Error('the lease holds no token of the simulator');
}

async function benchFloor(place: Place, replicas: number): Promise<LoadResult> {
  const children = await Promise.all(Array.from({ length: replicas }, async () => {
    const child = fork(join(import.meta.dirname, 'floor-responder.ts'));
    child.send({ bus: place.bus('floor'), ...place.keys });
    await once(child, 'message');
    return child;
  }));
  const bus = await connect(place.bus('floor'));
  const asked = async (count: number): Promise<LoadResult> => load(await requests(place, [{ personId: '', connectionId: randomUUID() }], count), atOnce, (request) => replyTo(bus, 'floor', { request }));
  await asked(warmUps);
  const result = await asked(leases);
  await bus.close();
  for (const child of children) child.kill('SIGKILL');
  return result;
}
