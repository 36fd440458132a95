import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Secret } from '@tributary/failures';
import { ConfigurationError } from '@tributary/service-kit';
import { z } from 'zod';

const Jwk = z.object({ kty: z.literal('OKP'), crv: z.enum(['Ed25519', 'X25519']), x: z.string(), d: z.string().optional() });
const Pair = z.object({ sign: Jwk.extend({ crv: z.literal('Ed25519') }), encrypt: Jwk.extend({ crv: z.literal('X25519') }) });
const Peers = z.record(z.string(), Pair);

/** Public keys of a service that may ask for leases. */
export interface PeerKeys {
  readonly verify: KeyObject;
  readonly encrypt: KeyObject;
}

export interface ServiceKeys {
  /** Private key by which this service signs what it leases. */
  readonly sign: KeyObject;
  readonly peers: ReadonlyMap<string, PeerKeys>;
}

/** Reads this service's private keys and the public keys of the others, both JSON. @throws ConfigurationError naming the variable */
export function readServiceKeys(own: Secret<string>, peers: string): ServiceKeys {
  const sign = read('TRIBUTARY_SERVICE_KEYS', own.reveal(), Pair.transform((pair) => createPrivateKey({ key: pair.sign, format: 'jwk' })));
  return { sign, peers: read('TRIBUTARY_PEER_KEYS', peers, Peers.transform(peersOf)) };
}

function peersOf(pairs: z.infer<typeof Peers>): ReadonlyMap<string, PeerKeys> {
  return new Map(Object.entries(pairs).map(([name, { sign, encrypt }]) => [name, { verify: publicKey(sign), encrypt: publicKey(encrypt) }]));
}

/** Also of a private key, whose private part is left out. */
function publicKey({ kty, crv, x }: z.infer<typeof Jwk>): KeyObject {
  return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
}

function read<T>(variable: string, json: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    // The text holds private keys: it must not become the cause of an error.
    throw new ConfigurationError(`The configuration is wrong. ${variable}: holds no key pairs.`);
  }
}
