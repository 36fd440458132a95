import type { LeaseRequestClaims } from '@tributary/api-contracts';
import { importJWK, SignJWT } from 'jose';
import type { ServiceKeys } from './service-keys.ts';

/** What is asked of auth-service; `exp` and `jti` are added when signing. */
export type LeaseAsk = Pick<LeaseRequestClaims, 'connectionId' | 'purpose' | 'rejectedEpoch' | 'minEpoch' | 'runId'>;

const lifeSeconds = 25;

/** The signed request: compact JWS, EdDSA with this service's own key, good for 25 seconds and one use. */
export async function signLeaseRequest(ask: LeaseAsk, jti: string, keys: ServiceKeys, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1_000);
  return new SignJWT({ ...ask })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('ingest-service')
    .setAudience('auth-service')
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds)
    .sign(await importJWK(keys.sign, 'EdDSA'));
}
