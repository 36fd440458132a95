import { NotFound, type Secret } from '@tributary/failures';
import { z } from 'zod';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { SalesforceAuthFailure } from './auth-failure.ts';

/** Who consented, from the identity URL. */
export interface Identity {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly appInstalled: boolean | undefined;
}

const IdentityAnswer = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  username: z.string(),
  display_name: z.string().optional(),
  email: z.string().nullable().optional(),
  is_app_installed: z.boolean().optional(),
});

/**
 * Reads the identity URL, re-based on the pinned origin of the org.
 * @throws SalesforceAuthFailure `identity-changed` when it names another org or user than the URL; Unavailable
 */
export async function fetchIdentity(http: SalesforceHttp, origin: string, identityUrl: string, accessToken: Secret<string>): Promise<Identity> {
  const path = new URL(identityUrl).pathname;
  const answer = await http.text({ method: 'GET', origin, path, headers: { authorization: `Bearer ${accessToken.reveal()}` }, timeoutMs: 15_000 });
  if (answer.status !== 200) throw new NotFound('IDENTITY_NOT_READABLE', 'Salesforce did not say who signed in.', { details: { status: answer.status } });
  const parsed = IdentityAnswer.safeParse(JSON.parse(answer.text));
  if (!parsed.success || !path.endsWith(`/${parsed.data.organization_id}/${parsed.data.user_id}`)) throw new SalesforceAuthFailure('identity-changed');
  const identity = parsed.data;
  return {
    orgId: identity.organization_id,
    userId: identity.user_id,
    username: identity.username,
    displayName: identity.display_name ?? identity.username,
    email: identity.email ?? null,
    appInstalled: identity.is_app_installed,
  };
}
