import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId, OrgId, PersonId, SalesforceUserId, WorkspaceId } from '../ids.ts';

/** A person consented; published once per consent, in the transaction that sealed the grant. */
export const connectionAuthorized = defineEvent('auth.connection.authorized', 1, 'A person consented: the connection holds a grant of its own.', z.strictObject({
  connectionId: ConnectionId,
  workspaceId: WorkspaceId,
  personId: PersonId,
  orgId: OrgId,
  userId: SalesforceUserId,
  /** Origin of the org's data API. */
  instanceUrl: z.url(),
  /** Whether the connection existed before and was reconnected. */
  reconnected: z.boolean(),
}));
export type ConnectionAuthorized = EventOf<typeof connectionAuthorized>;
