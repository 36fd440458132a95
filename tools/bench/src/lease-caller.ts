import { once } from 'node:events';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { leaseAccessToken } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { askerKeys, LeaseAsks, PeerKeys, ServiceKeys } from '@tributary/token-lease';
import type { JWK } from 'jose';
import { load, type Pace } from './load.ts';
import { replyTo } from './people.ts';

// The asking side in a process of its own, as it is in an installation.

export interface Call {
  readonly bus: ConnectionOptions;
  /** Keys of the asking service and the public ones of auth-service; undefined asks the floor. */
  readonly keys: { readonly own: { readonly sign: JWK; readonly encrypt: JWK }; readonly auth: { readonly sign: JWK; readonly encrypt: JWK } } | undefined;
  readonly connectionIds: readonly ConnectionId[];
  readonly count: number;
  readonly pace: Pace;
}

/** As long as a signed request. */
const floorRequest = 'x'.repeat(420);

const warmUp = 4_000;

process.once('message', (call: Call) => void answer(call));

async function answer({ bus: options, keys, connectionIds, count, pace }: Call): Promise<void> {
  const bus = await connect(options);
  const ask = keys === undefined ? () => replyTo(bus, 'floor', { request: floorRequest }) : leasesOver(bus, keys);
  const questions = Array.from({ length: count }, (_, index) => connectionIds[index % connectionIds.length]).filter((id) => id !== undefined);
  // A service asks for as long as it lives: what is measured is not how fast its code was compiled.
  await load(questions.slice(0, warmUp), { atOnce: 8 }, ask);
  const start = once(process, 'message');
  process.send?.('ready');
  await start;
  process.send?.(await load(questions, pace, ask));
  await once(process, 'message');
}

/** Asks as ingest-service does. */
function leasesOver(bus: NatsConnection, { own, auth }: NonNullable<Call['keys']>): (connectionId: ConnectionId) => Promise<unknown> {
  const asks = new LeaseAsks({
    send: async (request) => leaseAccessToken.reply.parse(await replyTo(bus, leaseAccessToken.subject, { request })).reply,
    keys: askerKeys(ServiceKeys.parse(own), PeerKeys.parse({ 'auth-service': auth })['auth-service']), now: () => new Date(),
  });
  return async (connectionId) => asks.lease({ connectionId, purpose: 'background' });
}
