import type { NatsConnection } from '@nats-io/transport-node';
import { leaseAccessToken, LeaseRequestClaims } from '@tributary/api-contracts';
import { CompactEncrypt, decodeJwt, SignJWT } from 'jose';
import { asymmetricKey, publicKeys, type ServiceKeys } from '../service-keys.ts';

/** Lends a token of the source to whoever asks, as auth-service does. */
export function lend(bus: NatsConnection, sourceOrigin: string, own: ServiceKeys, asking: ServiceKeys): void {
  bus.subscribe(leaseAccessToken.subject, {
    callback: (_error, message) => {
      const { jti, connectionId } = LeaseRequestClaims.parse(decodeJwt(message.json<{ request: string }>().request));
      void sealed({ jti, connectionId, instanceUrl: sourceOrigin }, own, asking).then((reply) => message.respond(JSON.stringify({ reply: { reply } })));
    },
  });
}

async function sealed({ jti, connectionId, instanceUrl }: { jti: string; connectionId: string; instanceUrl: string }, own: ServiceKeys, asking: ServiceKeys): Promise<string> {
  const claims = { connectionId, epoch: 1, issuedAt: new Date().toISOString(), flow: 'refresh-token', instanceUrl, apiVersion: null, accessToken: 'bench', leaseUntil: new Date(Date.now() + 900_000).toISOString() };
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer('auth-service').setAudience('ingest-service').setJti(jti).setExpirationTime('60s').sign(await asymmetricKey(own.sign, 'EdDSA'));
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(await asymmetricKey(publicKeys(asking).encrypt, 'ECDH-ES+A256KW'));
}
