import type { KeyObject } from 'node:crypto';
import type { LeaseClaims, LeasesClaims } from '@tributary/api-contracts';
import { encryptedJwt, signedJwt } from '@tributary/token-lease';
import { KeyAgreements } from './key-agreements.ts';

const agreements = new KeyAgreements();

/**
 * A lease, or several, as a nested token: signed by auth-service, then encrypted to the asking service's key, so that neither the bus nor another service
 * can read or make it.
 * @returns compact JWE (`ECDH-ES+A256KW`, `A256GCM`) whose plaintext is the compact JWS
 */
export function sealLease(claims: LeaseClaims | LeasesClaims, sign: KeyObject, encrypt: KeyObject): string {
  return encryptedJwt(signedJwt(claims, sign), agreements.with(encrypt));
}
