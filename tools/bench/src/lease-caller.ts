import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { connect, type ConnectionOptions } from '@nats-io/transport-node';
import type { JWK } from 'jose';
import { load, type Pace } from './load.ts';
import { replyTo } from './people.ts';

// The asking side in a process of its own, as it is in an installation. Requests are signed before they are asked, for signing is its own cost.

export interface Call {
  readonly bus: ConnectionOptions;
  readonly subject: string;
  /** Private Ed25519 key of the asking service. */
  readonly key: JWK;
  readonly connectionIds: readonly string[];
  readonly count: number;
  readonly pace: Pace;
}

const lifeSeconds = 29;

process.once('message', (call: Call) => void answer(call));

async function answer({ bus: options, subject, key, connectionIds, count, pace }: Call): Promise<void> {
  const bus = await connect(options);
  const privateKey = createPrivateKey({ key: { ...key }, format: 'jwk' });
  const requests = Array.from({ length: count }, (_, index) => signed(privateKey, connectionIds[index % connectionIds.length] ?? ''));
  const start = once(process, 'message');
  process.send?.('ready');
  await start;
  process.send?.(await load(requests, pace, (request) => replyTo(bus, subject, { request })));
  await once(process, 'message');
}

function signed(key: KeyObject, connectionId: string): string {
  const claims = { iss: 'ingest-service', aud: 'auth-service', jti: randomUUID(), purpose: 'background', connectionId, exp: Math.floor(Date.now() / 1_000) + lifeSeconds };
  const input = [{ alg: 'EdDSA' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}
