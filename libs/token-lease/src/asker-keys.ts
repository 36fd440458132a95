import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { LeaseOpener } from './compact-jose.ts';

const publicKey = <Curve extends 'Ed25519' | 'X25519'>(curve: Curve) => z.object({ kty: z.literal('OKP'), crv: z.literal(curve), x: z.string().min(40) });

/** An asking service's private keys as JWK. */
export const ServiceKeys = z.object({
  sign: publicKey('Ed25519').extend({ d: z.string().min(40) }),
  encrypt: publicKey('X25519').extend({ d: z.string().min(40) }),
});
export type ServiceKeys = z.infer<typeof ServiceKeys>;

const PeerKey = z.object({ sign: publicKey('Ed25519'), encrypt: publicKey('X25519') });

/** Public keys by service. */
export const PeerKeys = z.looseObject({ 'auth-service': PeerKey });
export type PeerKeys = z.infer<typeof PeerKeys>;

/** What an asking service signs, opens and verifies by. */
export interface AskerKeys {
  /** Its private Ed25519 key. */
  readonly sign: KeyObject;
  /** By its private X25519 key. */
  readonly opener: LeaseOpener;
  /** The public Ed25519 key of auth-service. */
  readonly verify: KeyObject;
}

export function askerKeys(own: ServiceKeys, auth: PeerKeys['auth-service']): AskerKeys {
  return { sign: createPrivateKey({ key: own.sign, format: 'jwk' }), opener: new LeaseOpener(createPrivateKey({ key: own.encrypt, format: 'jwk' })), verify: createPublicKey({ key: auth.sign, format: 'jwk' }) };
}
