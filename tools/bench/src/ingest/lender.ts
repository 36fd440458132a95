import type { NatsConnection } from '@nats-io/transport-node';
import { AnyLeaseRequestClaims, leaseAccessToken, type LentToken } from '@tributary/api-contracts';
import { CompactEncrypt, decodeJwt, SignJWT, type JWTPayload } from 'jose';
import { asymmetricKey, publicKeys, type ServiceKeys } from '../service-keys.ts';

/** Lends a token of the source to whoever asks, as auth-service does. */
export function lend(bus: NatsConnection, sourceOrigin: string, own: ServiceKeys, asking: ServiceKeys): void {
  bus.subscribe(leaseAccessToken.subject, {
    callback: (_error, message) => {
      const claims = AnyLeaseRequestClaims.parse(decodeJwt(message.json<{ request: string }>().request));
      const lent = 'leases' in claims ? { leases: claims.leases.map((wanted) => lentTo(wanted, sourceOrigin)) } : lentTo(claims, sourceOrigin);
      void sealed({ ...lent, jti: claims.jti }, own, asking).then((reply) => message.respond(JSON.stringify({ reply: { reply } })));
    },
  });
}

function lentTo({ jti, connectionId }: Pick<LentToken, 'jti' | 'connectionId'>, instanceUrl: string): LentToken {
  return { jti, connectionId, epoch: 1, issuedAt: new Date().toISOString(), flow: 'refresh-token', instanceUrl, apiVersion: null, accessToken: 'bench', leaseUntil: new Date(Date.now() + 900_000).toISOString() };
}

async function sealed(claims: JWTPayload, own: ServiceKeys, asking: ServiceKeys): Promise<string> {
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer('auth-service').setAudience('ingest-service').setExpirationTime('60s').sign(await asymmetricKey(own.sign, 'EdDSA'));
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(await asymmetricKey(publicKeys(asking).encrypt, 'ECDH-ES+A256KW'));
}
