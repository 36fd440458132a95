import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { leaseAccessToken } from '@tributary/api-contracts';
import { SignJWT, compactDecrypt, jwtVerify } from 'jose';
import type { Call } from './lease-caller.ts';
import { shown, type LoadResult, type Pace } from './load.ts';
import { replyTo, type Connected } from './people.ts';
import type { Place } from './place.ts';
import { processorSeconds } from './processor.ts';
import { asymmetricKey, publicKeys } from './service-keys.ts';

const leases = 12_000;
/** Callers who wait for their answer, and questions offered each second whether the ones before are answered or not. */
const paces: readonly Pace[] = [{ atOnce: 1 }, { atOnce: 4 }, { atOnce: 6 }, { atOnce: 8 }, { atOnce: 32 }, { perSecond: 500 }, { perSecond: 2_000 }];
/** Each process opens every token once before it is measured; which process answers is chance. */
const warmUpRounds = 10;

/** Leases of tokens that are in memory, beside the floor at the same pace: the same bus and the same asking side, and an answer of the same length. */
export async function benchLeases(place: Place, connected: readonly Connected[]): Promise<void> {
  await prove(place, connected);
  const connectionIds = connected.map(({ connectionId }) => connectionId);
  const product = { bus: place.bus('ingest'), keys: { own: place.keys.ingest, auth: publicKeys(place.keys.auth) }, connectionIds };
  const floors = await startFloor(place);
  const floor = { ...product, bus: place.bus('floor'), keys: undefined };
  for (let round = 0; round < warmUpRounds; round += 1) await measured(place, { ...product, count: connectionIds.length, pace: { atOnce: 8 } });
  for (const pace of paces) {
    const count = 'perSecond' in pace ? 5 * pace.perSecond : leases;
    const said = 'atOnce' in pace ? `${pace.atOnce} at a time` : `${pace.perSecond} offered each second`;
    const bare = await measured(place, { ...floor, count, pace });
    const lent = await measured(place, { ...product, count, pace });
    console.log(`leases of cached tokens of ${connectionIds.length} connections, ${said}: ${shown(lent.result)}; processors in use: ${lent.processors}`);
    console.log(`  floor (the bus alone): ${shown(bare.result)}; processors in use: ${bare.processors}`);
    console.log(`  lease / floor: rate ${(lent.result.perSecond / bare.result.perSecond).toFixed(2)}, p50 ${(lent.result.p50Ms / bare.result.p50Ms).toFixed(1)}, p99 ${(lent.result.p99Ms / bare.result.p99Ms).toFixed(1)}`);
  }
  for (const child of floors) child.kill('SIGKILL');
}

/** Rate and times, and how many processors each of those used who share them. */
async function measured({ processes, servers }: Place, call: Call): Promise<{ readonly result: LoadResult; readonly processors: string }> {
  const caller = fork(join(import.meta.dirname, 'lease-caller.ts'));
  const failed = once(caller, 'exit').then(() => Promise.reject(new Error('the asking side has ended')));
  failed.catch(() => undefined);
  caller.send(call);
  await Promise.race([once(caller, 'message'), failed]);
  const parts = { 'auth-service': processes, PostgreSQL: [servers.postgres], NATS: [servers.nats], 'the asking side': [caller.pid ?? 0] };
  const used = async (): Promise<number[]> => Promise.all(Object.values(parts).map(async (pids) => (await Promise.all(pids.map(processorSeconds))).reduce((sum, seconds) => sum + seconds, 0)));
  const before = await used();
  const startedAt = performance.now();
  const answered = once(caller, 'message');
  caller.send('start');
  const [result] = (await Promise.race([answered, failed])) as [LoadResult];
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await used();
  caller.kill('SIGKILL');
  return { result, processors: Object.keys(parts).map((part, index) => `${part} ${(((after[index] ?? 0) - (before[index] ?? 0)) / seconds).toFixed(2)}`).join(', ') };
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
