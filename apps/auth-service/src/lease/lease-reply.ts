import type { LeaseClaims } from '@tributary/api-contracts';
import { CompactEncrypt, SignJWT, type CryptoKey } from 'jose';

/**
 * A lease as a nested token: signed by auth-service, then encrypted to the asking service's key, so that neither the bus nor another service
 * can read or make it.
 * @returns compact JWE (`ECDH-ES+A256KW`, `A256GCM`) whose plaintext is the compact JWS
 */
export async function sealLease(claims: LeaseClaims, sign: CryptoKey, encrypt: CryptoKey): Promise<string> {
  const { exp, jti, iss, aud, ...rest } = claims;
  const signed = await new SignJWT(rest).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer(iss).setAudience(aud).setJti(jti).setExpirationTime(exp).sign(sign);
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(encrypt);
}
