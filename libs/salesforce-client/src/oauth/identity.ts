import { NotFound, type Secret } from '@tributary/failures';
import { z } from 'zod';
import { StorableText } from '../http/storable-text.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { SalesforceAuthFailure } from './auth-failure.ts';
import { caseSafeId, personOf } from './record-id.ts';

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
  display_name: StorableText.optional(),
  email: z.string().nullable().optional(),
  is_app_installed: z.boolean().optional(),
});

/**
 * Reads the identity URL, re-based on the pinned origin of the org.
 * @throws SalesforceAuthFailure `identity-changed` when it names another org or user than the URL, `as-unavailable` for anything unreadable;
 *   NotFound `IDENTITY_NOT_READABLE` when Salesforce refuses; Unavailable
 */
export async function fetchIdentity(http: SalesforceHttp, origin: string, identityUrl: string, accessToken: Secret<string>): Promise<Identity> {
  const path = URL.parse(identityUrl)?.pathname ?? '';
  const answer = await http.text({ method: 'GET', origin, path, headers: { authorization: `Bearer ${accessToken.reveal()}` }, timeoutMs: 15_000 });
  if (answer.status >= 500) throw new SalesforceAuthFailure('as-unavailable');
  if (answer.status !== 200) throw new NotFound('IDENTITY_NOT_READABLE', 'Salesforce did not say who signed in.', { details: { status: answer.status } });
  const identity = read(answer.text);
  const [orgId, userId] = [caseSafeId(identity.organization_id), caseSafeId(identity.user_id)];
  const asked = personOf(path);
  if (asked?.orgId !== orgId || asked.userId !== userId) throw new SalesforceAuthFailure('identity-changed');
  return {
    orgId,
    userId,
    username: identity.username,
    displayName: identity.display_name ?? identity.username,
    email: identity.email ?? null,
    appInstalled: identity.is_app_installed,
  };
}

function read(text: string): z.infer<typeof IdentityAnswer> {
  try {
    return IdentityAnswer.parse(JSON.parse(text));
  } catch {
    // The body names a person: it must not become the cause of an error.
    throw new SalesforceAuthFailure('as-unavailable');
  }
}
