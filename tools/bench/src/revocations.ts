import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect } from '@nats-io/transport-node';
import { disconnectConnection } from '@tributary/api-contracts';
import { connectPerson, replyTo, type Connected } from './people.ts';
import type { Place } from './place.ts';

const connectAtOnce = 8;
const disconnectAtOnce = 20;

/** Connects `count` users, each with a grant of their own. */
export async function connectMany(place: Place, count: number): Promise<Connected[]> {
  const gateway = await connect(place.bus('gateway'));
  const usernames = Array.from({ length: count }, (_, index) => `bench-${index}@example.test`);
  for (const Username of usernames) place.simulator.org.insert('User', { Username, Name: Username, LastName: Username, Email: Username, IsActive: true, UserType: 'Standard' });
  const connected = await eachOf(usernames, connectAtOnce, (username) => connectPerson(place, gateway, username));
  await gateway.close();
  return connected;
}

/** Disconnects all of them; each is revoked at Salesforce, its key destroyed, and told to the others. */
export async function benchRevocations(place: Place, connected: readonly Connected[]): Promise<void> {
  const gateway = await connect(place.bus('gateway'));
  place.simulator.log.clear();
  const startedAt = performance.now();
  const states = await eachOf(connected, disconnectAtOnce, async (one) => disconnectConnection.reply.parse(await replyTo(gateway, disconnectConnection.subject, { ...one, data: 'keep' })).state);
  const seconds = (performance.now() - startedAt) / 1_000;
  const revoked = place.simulator.log.entries().filter(({ path, status }) => path === '/services/oauth2/revoke' && status === 200).length;
  console.log(`revoking ${connected.length} connections: ${seconds.toFixed(1)} s, ${revoked} revoked at Salesforce, ${states.filter((state) => state === 'disconnected').length} disconnected`);
  await gateway.close();
}

/** The operator ends every access that is left, by one command. */
export async function benchRevokeEverything({ operatorSocket, simulator }: Place): Promise<void> {
  simulator.log.clear();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const asked = request({ socketPath: operatorSocket, path: '/revoke-everything', method: 'POST' }, (answer) => void text(answer).then(resolve, reject));
  asked.once('error', reject).end(JSON.stringify({ confirm: 'revoke-everything' }));
  const report = JSON.parse(await promise) as { connections: number; confirmed: number; failed: unknown[]; seconds: number };
  const revoked = simulator.log.entries().filter(({ path, status }) => path === '/services/oauth2/revoke' && status === 200).length;
  console.log(`revoking everything, ${report.connections} connections by one command: ${report.seconds.toFixed(1)} s, ${revoked} revoked at Salesforce, ${report.confirmed} confirmed, ${report.failed.length} failed`);
}

async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.push(await work(item));
  }));
  return results;
}
