import type { KeyObject } from 'node:crypto';
import { AnyLeaseRequestClaims } from '@tributary/api-contracts';
import { Forbidden, Unauthenticated } from '@tributary/failures';
import { verifiedJwt } from '@tributary/token-lease';
import { z } from 'zod';
import type { PeerKeys } from './service-keys.ts';

/** Services that may ask for access tokens. */
const askers: ReadonlySet<string> = new Set(['ingest-service']);

const longestLifeSeconds = 30;
const Issued = z.object({ iss: z.string() });

/**
 * Verifies a signed lease request by the registered key of the service that claims to have made it.
 * @throws Forbidden `LEASE_FORBIDDEN` for a service that may not ask; Unauthenticated `LEASE_REQUEST_INVALID`, `LEASE_CLOCKS_DIFFER`
 */
export function readLeaseRequest(request: string, peers: ReadonlyMap<string, PeerKeys>): { claims: AnyLeaseRequestClaims; recipient: KeyObject } {
  try {
    let asker: PeerKeys | undefined;
    const payload = verifiedJwt(request, (unverified) => {
      asker = askerOf(unverified, peers);
      return asker.verify;
    });
    const claims = AnyLeaseRequestClaims.parse(payload);
    const leftSeconds = claims.exp - Date.now() / 1_000;
    const isPresent = leftSeconds > 0 && leftSeconds <= longestLifeSeconds + 1;
    if (!isPresent && isOfAnotherTime(claims, leftSeconds)) throw clocksDiffer(Math.round(leftSeconds));
    if (asker === undefined || !isPresent || livesTooLong(claims)) throw new Error('it has ended, or lives longer than 30 seconds');
    return { claims, recipient: asker.encrypt };
  } catch (cause) {
    if (cause instanceof Forbidden || cause instanceof Unauthenticated) throw cause;
    throw new Unauthenticated('LEASE_REQUEST_INVALID', 'The lease request is not valid.', { cause });
  }
}

function askerOf(unverified: unknown, peers: ReadonlyMap<string, PeerKeys>): PeerKeys {
  const { iss } = Issued.parse(unverified);
  if (!askers.has(iss)) throw new Forbidden('LEASE_FORBIDDEN', 'This service may not lease access tokens.');
  const asker = peers.get(iss);
  if (asker === undefined) throw new Error('the service has no registered key');
  return asker;
}

function livesTooLong({ exp, iat }: Pick<AnyLeaseRequestClaims, 'exp' | 'iat'>): boolean {
  return iat !== undefined && exp - iat > longestLifeSeconds;
}

/** Whether the clocks differ, rather than that the request is late or claims too long a life; one that does not say when it was made is given the benefit of its length. */
function isOfAnotherTime(claims: Pick<AnyLeaseRequestClaims, 'exp' | 'iat'>, leftSeconds: number): boolean {
  return claims.iat === undefined ? leftSeconds < -longestLifeSeconds || leftSeconds > 2 * longestLifeSeconds : !livesTooLong(claims);
}

/** Signed by whom it should be, and of another time: nobody's request, or that of a machine whose clock is wrong. */
function clocksDiffer(leftSeconds: number): Unauthenticated {
  return new Unauthenticated('LEASE_CLOCKS_DIFFER', `The lease request ends ${Math.abs(leftSeconds)} seconds ${leftSeconds < 0 ? 'ago' : 'from now'} by the clock of auth-service, and none lives longer than ${longestLifeSeconds}: the clocks of the two services differ.`, {
    action: 'The operator of this installation must set the clocks of its machines right.',
  });
}
