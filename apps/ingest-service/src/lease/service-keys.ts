import { z } from 'zod';

const publicKey = <Curve extends 'Ed25519' | 'X25519'>(curve: Curve) => z.object({ kty: z.literal('OKP'), crv: z.literal(curve), x: z.string().min(40) });

/** This service's private keys as JWK. */
export const ServiceKeys = z.object({
  sign: publicKey('Ed25519').extend({ d: z.string().min(40) }),
  encrypt: publicKey('X25519').extend({ d: z.string().min(40) }),
});
export type ServiceKeys = z.infer<typeof ServiceKeys>;

const PeerKey = z.object({ sign: publicKey('Ed25519'), encrypt: publicKey('X25519') });

/** Public keys by service. */
export const PeerKeys = z.looseObject({ 'auth-service': PeerKey });
export type PeerKeys = z.infer<typeof PeerKeys>;
