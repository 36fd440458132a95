import { LeaseClaims } from '@tributary/api-contracts';
import { Defect } from '@tributary/failures';
import { compactDecrypt, importJWK, jwtVerify } from 'jose';
import type { PeerKeys, ServiceKeys } from './service-keys.ts';

/** Whom a reply must be for. */
export interface ExpectedReply {
  readonly jti: string;
  readonly connectionId: string;
}

/**
 * The claims of a lease reply: a JWE to our X25519 key around a JWT signed by auth-service.
 * @throws Defect `LEASE_REPLY_REFUSED` for another algorithm, key, issuer, audience, connection or question
 */
export async function openLeaseReply(reply: string, expected: ExpectedReply, keys: ServiceKeys, authKeys: PeerKeys['auth-service']): Promise<LeaseClaims> {
  try {
    const { plaintext } = await compactDecrypt(reply, await importJWK(keys.encrypt, 'ECDH-ES+A256KW'), {
      keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'],
    });
    const { payload } = await jwtVerify(plaintext, await importJWK(authKeys.sign, 'EdDSA'), {
      algorithms: ['EdDSA'], issuer: 'auth-service', audience: 'ingest-service', clockTolerance: 60,
    });
    const claims = LeaseClaims.parse(payload);
    if (claims.jti !== expected.jti || claims.connectionId !== expected.connectionId) throw new Error('the reply answers another question');
    return claims;
  } catch (cause) {
    // The cause may quote claims: it stays here.
    throw new Defect('LEASE_REPLY_REFUSED', `The answer of auth-service to a lease was refused (${cause instanceof Error ? cause.name : 'unknown'}).`);
  }
}
