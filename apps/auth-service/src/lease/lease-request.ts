import { LeaseRequestClaims } from '@tributary/api-contracts';
import { Forbidden, Unauthenticated } from '@tributary/failures';
import { decodeJwt, jwtVerify } from 'jose';
import type { PeerKeys } from './service-keys.ts';

/** Services that may ask for access tokens. */
const askers: ReadonlySet<string> = new Set(['ingest-service']);

const longestLifeSeconds = 30;

/**
 * Verifies a signed lease request by the registered key of the service that claims to have made it.
 * @throws Forbidden `LEASE_FORBIDDEN` for a service that may not ask; Unauthenticated `LEASE_REQUEST_INVALID`
 */
export async function readLeaseRequest(request: string, peers: ReadonlyMap<string, PeerKeys>): Promise<{ claims: LeaseRequestClaims; asker: PeerKeys }> {
  const issuer = issuerOf(request);
  if (!askers.has(issuer)) throw new Forbidden('LEASE_FORBIDDEN', 'This service may not lease access tokens.');
  const asker = peers.get(issuer);
  if (asker === undefined) throw invalid('the service has no registered key');
  try {
    const { payload } = await jwtVerify(request, asker.verify, { issuer, audience: 'auth-service', algorithms: ['EdDSA', 'Ed25519'], requiredClaims: ['exp', 'jti'] });
    const claims = LeaseRequestClaims.parse(payload);
    if (claims.exp > Date.now() / 1_000 + longestLifeSeconds + 1) throw new Error('it lives longer than 30 seconds');
    return { claims, asker };
  } catch (cause) {
    throw invalid(cause);
  }
}

function issuerOf(request: string): string {
  try {
    return decodeJwt(request).iss ?? '';
  } catch (cause) {
    throw invalid(cause);
  }
}

function invalid(cause: unknown): Unauthenticated {
  return new Unauthenticated('LEASE_REQUEST_INVALID', 'The lease request is not valid.', { cause });
}
