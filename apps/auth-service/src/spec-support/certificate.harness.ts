import { makeSigningKey, proveJwt, readCertificate, type JwtProof } from '@tributary/api-contracts';
import type { ConnectionId, PersonId } from '@tributary/event-contracts';
import type { Simulator } from '@tributary/salesforce-simulator';
import type { Asker } from './auth-service.harness.ts';

/** Makes a signing key and uploads its certificate to the simulator's app, in place of what was there. @returns the key's id */
export async function uploadNewCertificate(gateway: Asker, simulator: Simulator, personId: PersonId): Promise<string> {
  const { id } = await gateway.ask(makeSigningKey, { personId, request: { bits: 2048 } });
  simulator.app.setCertificates([(await gateway.ask(readCertificate, { personId, keyId: id })).pem]);
  return id;
}

export function proveFor(gateway: Asker, { personId, connectionId }: { readonly personId: PersonId; readonly connectionId: ConnectionId }): Promise<JwtProof> {
  return gateway.ask(proveJwt, { personId, connectionId });
}

/** Answers of the simulator to signed assertions, by status. */
export function assertionsOf(simulator: Simulator): number[] {
  return simulator.log.entries().filter(({ grantType }) => grantType === 'urn:ietf:params:oauth:grant-type:jwt-bearer').map(({ status }) => status);
}
