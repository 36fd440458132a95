import { LeaseClaims, LeasesClaims, type LentToken } from '@tributary/api-contracts';
import { Defect } from '@tributary/failures';
import type { z } from 'zod';
import type { AskerKeys } from './asker-keys.ts';
import { verifiedJwt } from './compact-jose.ts';

/** Whom a reply must be for. */
export interface ExpectedReply {
  readonly jti: string;
  readonly connectionId: string;
}

const clockToleranceSeconds = 60;

/**
 * The claims of a lease reply: a JWE to our X25519 key around a JWT signed by auth-service.
 * @throws Defect `LEASE_REPLY_REFUSED` for another algorithm, key, issuer, audience, connection or question
 */
export function openLeaseReply(reply: string, expected: ExpectedReply, keys: AskerKeys, now: Date): LeaseClaims {
  return refusing(() => {
    const claims = opened(reply, LeaseClaims, keys, now);
    requireAnswer(claims, expected);
    return claims;
  });
}

/**
 * The tokens lent in answer to several questions, by the id of each; those that must be asked for alone are missing.
 * @throws Defect `LEASE_REPLY_REFUSED` as above, and for a token that was not asked for
 */
export function openLeasesReply(reply: string, jti: string, asked: readonly ExpectedReply[], keys: AskerKeys, now: Date): ReadonlyMap<string, LentToken> {
  return refusing(() => {
    const claims = opened(reply, LeasesClaims, keys, now);
    if (claims.jti !== jti) throw new Error('the reply answers another question');
    const questions = new Map(asked.map((question) => [question.jti, question]));
    for (const lent of claims.leases) requireAnswer(lent, questions.get(lent.jti));
    return new Map(claims.leases.map((lent) => [lent.jti, lent]));
  });
}

function requireAnswer({ jti, connectionId }: ExpectedReply, expected: ExpectedReply | undefined): void {
  if (jti !== expected?.jti || connectionId !== expected.connectionId) throw new Error('the reply answers another question');
}

function opened<Claims extends LeaseClaims | LeasesClaims>(reply: string, schema: z.ZodType<Claims>, keys: AskerKeys, now: Date): Claims {
  const claims = schema.parse(verifiedJwt(keys.opener.open(reply), () => keys.verify));
  if (claims.aud !== 'ingest-service') throw new Error('the reply is for another service');
  if (claims.exp + clockToleranceSeconds <= now.getTime() / 1_000) throw new Error('the reply has ended');
  return claims;
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    // The cause may quote claims: it stays here.
    throw new Defect('LEASE_REPLY_REFUSED', `The answer of auth-service to a lease was refused (${cause instanceof Error ? cause.name : 'unknown'}).`);
  }
}
