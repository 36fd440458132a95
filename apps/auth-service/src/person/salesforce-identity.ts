import type { Identity } from '@tributary/salesforce-client';
import type { ProvenIdentity } from './admit-person.ts';

/** A Salesforce user as a person of any provider: org and user id together are the subject. */
export function salesforceIdentity({ orgId, userId, displayName, email }: Identity): ProvenIdentity {
  return { issuer: 'salesforce', subject: `${orgId}:${userId}`, name: displayName, email, org: { orgId, userId } };
}
