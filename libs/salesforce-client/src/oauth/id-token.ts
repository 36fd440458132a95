import type { Secret } from '@tributary/failures';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { SalesforceAuthFailure } from './auth-failure.ts';
import { personOf } from './record-id.ts';

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });
const keysPath = '/id/keys';
const clockToleranceSeconds = 60;
const Keys = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) });

/**
 * Verifies an id token by the keys of the pinned login origin: RS256, issuer, audience, issue, expiry and nonce. Keys that the token itself
 * names are ignored. An origin without a discovery document is its own issuer.
 * @param expected `mayLackKeys`: the operator named this origin as Salesforce; where it publishes no keys, the connection to it vouches for the claims
 * @returns the verified claims
 * @throws SalesforceAuthFailure `signature-invalid`; Unavailable
 */
export async function verifyIdToken(http: SalesforceHttp, loginOrigin: string, idToken: Secret<string>, expected: { readonly clientId: string; readonly nonce: string; readonly orgId: string; readonly userId: string; readonly mayLackKeys: boolean }): Promise<JWTPayload> {
  const discovery = await published(http, loginOrigin, '/.well-known/openid-configuration', Discovery) ?? { issuer: loginOrigin, jwks_uri: keysPath };
  if (URL.parse(discovery.issuer)?.origin !== loginOrigin || URL.parse(discovery.jwks_uri, loginOrigin)?.pathname !== keysPath) throw new SalesforceAuthFailure('signature-invalid');
  const keys = await published(http, loginOrigin, keysPath, Keys);
  if (keys === undefined && !expected.mayLackKeys) throw new SalesforceAuthFailure('as-unavailable');
  try {
    const claims = keys === undefined ? unexpired(decodeJwt(idToken.reveal())) : await verified(idToken, keys, discovery.issuer, expected.clientId);
    const { iss, aud, nonce, sub, iat } = claims;
    if (iss !== discovery.issuer || ![aud].flat().includes(expected.clientId)) throw new Error('issuer or audience differs');
    const person = personOf(String(sub));
    if (iat !== undefined && iat > Date.now() / 1_000 + clockToleranceSeconds) throw new Error('issued in the future');
    if (nonce !== expected.nonce || person?.orgId !== expected.orgId || person.userId !== expected.userId) throw new Error('nonce or subject differs');
    return claims;
  } catch (cause) {
    throw new SalesforceAuthFailure('signature-invalid', { cause });
  }
}

async function verified(idToken: Secret<string>, keys: z.infer<typeof Keys>, issuer: string, audience: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(idToken.reveal(), createLocalJWKSet(keys), {
    issuer, audience, algorithms: ['RS256'], clockTolerance: clockToleranceSeconds, requiredClaims: ['exp', 'sub', 'nonce'],
  });
  return payload;
}

function unexpired(claims: JWTPayload): JWTPayload {
  if (claims.exp === undefined || claims.exp < Date.now() / 1_000 - clockToleranceSeconds) throw new Error('expired');
  return claims;
}

/** What an origin publishes at a path; undefined when it has nothing there. */
async function published<T>(http: SalesforceHttp, origin: string, path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const answer = await http.text({ method: 'GET', origin, path, timeoutMs: 15_000 });
  if (answer.status === 404) return undefined;
  try {
    if (answer.status === 200) return schema.parse(JSON.parse(answer.text));
  } catch (cause) {
    throw new SalesforceAuthFailure('as-unavailable', { cause });
  }
  throw new SalesforceAuthFailure('as-unavailable');
}
