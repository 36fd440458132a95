import { ConnectionCore, JwtProof, ServiceConnectionAnswer, SigningCertificate, SigningKey, SigningKeyList, type AccessPolicy, type ServiceConnectionRequest, type SigningKeyRequest, type Visibility } from '@tributary/api-contracts';
import { call, path } from '../shared/http.ts';

/** Calls about the ways in of connections, their sharing, and the app's signing keys. */
export const accessApi = {
  setPolicy: (id: string, policy: AccessPolicy) => call(path`/api/connections/${id}/policy`, { method: 'PUT', body: { policy }, answer: ConnectionCore }),
  pause: (id: string, paused: boolean) => call(path`/api/connections/${id}/${paused ? 'pause' : 'resume'}`, { method: 'POST', answer: ConnectionCore }),
  share: (id: string, visibility: Visibility) => call(path`/api/connections/${id}/sharing`, { method: 'PUT', body: { visibility }, answer: ConnectionCore }),
  prove: (id: string) => call(path`/api/connections/${id}/jwt-proof`, { method: 'POST', answer: JwtProof }),
  keys: (signal?: AbortSignal) => call('/api/signing-keys', { answer: SigningKeyList, signal }),
  makeKey: (request: SigningKeyRequest) => call('/api/signing-keys', { method: 'POST', body: request, answer: SigningKey }),
  certificate: (keyId: string) => call(path`/api/signing-keys/${keyId}/certificate`, { answer: SigningCertificate }),
  offerKey: (keyId: string) => call(path`/api/signing-keys/${keyId}/offer`, { method: 'POST', answer: SigningKey }),
  connectService: (request: ServiceConnectionRequest) => call('/api/service-connections', { method: 'POST', body: request, answer: ServiceConnectionAnswer }),
};
