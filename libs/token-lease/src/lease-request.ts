import type { KeyObject } from 'node:crypto';
import type { LeaseRequestClaims, LeasesRequestClaims } from '@tributary/api-contracts';
import { signedJwt } from './compact-jose.ts';

/** What is asked of auth-service for one token; the rest is added when signing. */
export type LeaseAsk = Pick<LeaseRequestClaims, 'connectionId' | 'purpose' | 'rejectedEpoch' | 'minEpoch' | 'runId'>;
/** One of several tokens asked for together, with its own single-use id. */
export type OneOfSeveral = LeasesRequestClaims['leases'][number];

const lifeSeconds = 25;

/** The signed request: compact JWS, Ed25519 with the asking service's own key, good for 25 seconds and one use. */
export function signLeaseRequest(ask: LeaseAsk | { readonly leases: readonly OneOfSeveral[] }, jti: string, key: KeyObject, now: Date): string {
  const iat = Math.floor(now.getTime() / 1_000);
  return signedJwt({ ...ask, iss: 'ingest-service', aud: 'auth-service', jti, iat, exp: iat + lifeSeconds }, key);
}
