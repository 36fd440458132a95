import { Secret } from '@tributary/failures';
import type { TokenSet } from '@tributary/salesforce-client';
import { z } from 'zod';

const Kept = z.object({
  accessToken: z.string(), refreshToken: z.string().nullable(), instanceUrl: z.string(), identityUrl: z.string(), orgId: z.string(), userId: z.string(),
  scopes: z.array(z.string()), issuedAt: z.iso.datetime(),
});

/** A token answer as text for the escrow. */
export function escrowText({ accessToken, refreshToken, instanceUrl, identityUrl, orgId, userId, scopes, issuedAt }: TokenSet): Secret<string> {
  return Secret.of(JSON.stringify({
    accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() ?? null, instanceUrl, identityUrl, orgId, userId, scopes: [...scopes], issuedAt: issuedAt.toISOString(),
  } satisfies z.input<typeof Kept>));
}

/** The token answer of an escrow text. */
export function escrowedTokens(text: Secret<string>): TokenSet {
  const { accessToken, refreshToken, issuedAt, ...rest } = Kept.parse(JSON.parse(text.reveal()));
  return { ...rest, accessToken: Secret.of(accessToken), refreshToken: refreshToken === null ? undefined : Secret.of(refreshToken), idToken: undefined, issuedAt: new Date(issuedAt) };
}
