import { KeyObject } from 'node:crypto';
import type { LeaseClaims } from '@tributary/api-contracts';
import type { CryptoKey } from 'jose';
import { encryptedJwt, signedJwt } from './compact-jose.ts';

/**
 * A lease as a nested token: signed by auth-service, then encrypted to the asking service's key, so that neither the bus nor another service
 * can read or make it.
 * @returns compact JWE (`ECDH-ES+A256KW`, `A256GCM`) whose plaintext is the compact JWS
 */
export function sealLease(claims: LeaseClaims, sign: CryptoKey, encrypt: CryptoKey): string {
  return encryptedJwt(signedJwt(claims, keyObject(sign)), keyObject(encrypt));
}

const keyObjects = new WeakMap<CryptoKey, KeyObject>();

function keyObject(key: CryptoKey): KeyObject {
  const known = keyObjects.get(key) ?? KeyObject.from(key);
  keyObjects.set(key, known);
  return known;
}
