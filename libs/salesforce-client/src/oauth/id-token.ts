import type { Secret } from '@tributary/failures';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { SalesforceAuthFailure } from './auth-failure.ts';

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keysPath = '/id/keys';
const Keys = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) });

/**
 * Verifies an id token by the keys of the pinned login origin: RS256, issuer, audience, expiry and nonce. Keys that the token itself
 * names are ignored.
 * @throws SalesforceAuthFailure `signature-invalid`; Unavailable
 */
export async function verifyIdToken(http: SalesforceHttp, loginOrigin: string, idToken: Secret<string>, expected: { readonly clientId: string; readonly nonce: string; readonly orgId: string; readonly userId: string }): Promise<void> {
  const discovery = await json(http, loginOrigin, '/.well-known/openid-configuration', Discovery);
  if (URL.parse(discovery.issuer)?.origin !== loginOrigin || URL.parse(discovery.jwks_uri, loginOrigin)?.pathname !== keysPath) throw new SalesforceAuthFailure('signature-invalid');
  const keys = await json(http, loginOrigin, keysPath, Keys);
  try {
    const { payload } = await jwtVerify(idToken.reveal(), createLocalJWKSet(keys as unknown as JSONWebKeySet), {
      issuer: discovery.issuer, audience: expected.clientId, algorithms: ['RS256'], clockTolerance: 60, requiredClaims: ['exp', 'sub', 'nonce'],
    });
    if (payload['nonce'] !== expected.nonce || !String(payload.sub).endsWith(`/${expected.orgId}/${expected.userId}`)) throw new Error('nonce or subject differs');
  } catch (cause) {
    throw new SalesforceAuthFailure('signature-invalid', { cause });
  }
}

async function json<T>(http: SalesforceHttp, origin: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await http.text({ method: 'GET', origin, path, timeoutMs: 15_000 });
  try {
    if (answer.status === 200) return schema.parse(JSON.parse(answer.text));
  } catch (cause) {
    throw new SalesforceAuthFailure('as-unavailable', { cause });
  }
  throw new SalesforceAuthFailure('as-unavailable');
}
