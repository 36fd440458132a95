import { connect, type ConnectionOptions } from '@nats-io/transport-node';
import { CompactEncrypt, SignJWT, jwtVerify } from 'jose';
import { asymmetricKey, publicKeys, type ServiceKeys } from './service-keys.ts';

// A process that does what cannot be left out of a lease: take a message, verify its signature, sign, encrypt, answer.
// No database, no framework, no decision.

/** @param auth private keys of the answering side @param ingest keys of the asking side */
export async function answerFloor(options: ConnectionOptions, auth: ServiceKeys, ingest: ServiceKeys): Promise<void> {
  const asking = publicKeys(ingest);
  const [verify, encrypt, sign] = await Promise.all([asymmetricKey(asking.sign, 'EdDSA'), asymmetricKey(asking.encrypt, 'ECDH-ES+A256KW'), asymmetricKey(auth.sign, 'EdDSA')]);
  const bus = await connect(options);
  const answer = async (request: string): Promise<string> => {
    const { payload } = await jwtVerify(request, verify, { algorithms: ['EdDSA'] });
    const signed = await new SignJWT({ connectionId: payload['connectionId'], epoch: 1, issuedAt: new Date().toISOString(), flow: 'web-server', instanceUrl: 'http://localhost:1', apiVersion: null, accessToken: 'x'.repeat(112), leaseUntil: new Date().toISOString() })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer('auth-service').setAudience('ingest-service').setJti(payload.jti ?? '').setExpirationTime('60s').sign(sign);
    return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(encrypt);
  };
  bus.subscribe('floor', {
    queue: 'floor',
    callback: (_error, message) => void answer(message.json<{ request: string }>().request).then((reply) => message.respond(JSON.stringify({ reply: { reply } }))),
  });
  await bus.flush();
}

process.on('message', ({ bus, auth, ingest }: { bus: ConnectionOptions; auth: ServiceKeys; ingest: ServiceKeys }) => {
  void answerFloor(bus, auth, ingest).then(() => process.send?.('ready'));
});
