import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { z } from 'zod';
import type { World } from './world.ts';

const Claims = z.object({ iss: z.string(), sub: z.string().optional(), prn: z.string().optional(), aud: z.union([z.string(), z.array(z.string())]), exp: z.number() });
export type AssertionClaims = z.infer<typeof Claims>;

/** Claims of an RS256 assertion signed with one of the app's keys. @throws Error for any other */
export async function verifyAssertion({ app }: World, assertion: string): Promise<AssertionClaims> {
  for (const pem of app.publicKeys) {
    const verified = await compactVerify(assertion, publicKeyOf(pem), { algorithms: ['RS256'] }).catch(() => undefined);
    if (verified !== undefined) return Claims.parse(JSON.parse(new TextDecoder().decode(verified.payload)));
  }
  throw new Error('No registered key verifies the assertion.');
}

/** Claims without a check of the signature; undefined for what is no JWT. */
export function readAssertion(assertion: string): AssertionClaims | undefined {
  try {
    return Claims.parse(JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** @throws Error for text that is neither a certificate nor a public key */
export function publicKeyOf(pem: string): KeyObject {
  return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
}
