import type { Secret } from '@tributary/failures';
import { ConfigurationError } from '@tributary/service-kit';
import { importJWK, type CryptoKey } from 'jose';
import { z } from 'zod';

const Jwk = z.object({ kty: z.literal('OKP'), crv: z.enum(['Ed25519', 'X25519']), x: z.string(), d: z.string().optional() });
const Pair = z.object({ sign: Jwk, encrypt: Jwk });
const Peers = z.record(z.string(), Pair);

/** Public keys of a service that may ask for leases. */
export interface PeerKeys {
  readonly verify: CryptoKey;
  readonly encrypt: CryptoKey;
}

export interface ServiceKeys {
  /** Private key by which this service signs what it leases. */
  readonly sign: CryptoKey;
  readonly peers: ReadonlyMap<string, PeerKeys>;
}

/** Reads this service's private keys and the public keys of the others, both JSON. @throws ConfigurationError naming the variable */
export async function readServiceKeys(own: Secret<string>, peers: string): Promise<ServiceKeys> {
  const { sign } = read('TRIBUTARY_SERVICE_KEYS', own.reveal(), Pair);
  const entries = await Promise.all(Object.entries(read('TRIBUTARY_PEER_KEYS', peers, Peers)).map(async ([name, pair]) => {
    return [name, { verify: await key(pair.sign, 'EdDSA'), encrypt: await key(pair.encrypt, 'ECDH-ES+A256KW') }] as const;
  }));
  return { sign: await key(sign, 'EdDSA'), peers: new Map(entries) };
}

function read<T>(variable: string, json: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    // The text holds private keys: it must not become the cause of an error.
    throw new ConfigurationError(`The configuration is wrong. ${variable}: holds no key pairs.`);
  }
}

async function key(jwk: z.infer<typeof Jwk>, algorithm: string): Promise<CryptoKey> {
  const imported = await importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, ...(jwk.d === undefined ? {} : { d: jwk.d }) }, algorithm, { extractable: true });
  if (imported instanceof Uint8Array) throw new ConfigurationError('The configuration is wrong. A service key is symmetric.');
  return imported;
}
