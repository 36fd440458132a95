import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** Why Salesforce takes no calls for data although the access is alive; `daily-quota` ends by itself. */
export const AccessRefusal = z.enum(['session-policy', 'session-not-for-api', 'app-policy', 'api-disabled', 'password-expired', 'daily-quota']);
export type AccessRefusal = z.infer<typeof AccessRefusal>;

/** Salesforce refused data calls of a whole connection, also to a token that was renewed for them. */
export const accessRefused = defineEvent('ingest.access.refused', 1, 'Salesforce refuses the data calls of a connection although its access is alive.', z.strictObject({
  connectionId: ConnectionId,
  /** Of the token that was refused: a newer one may do better. */
  epoch: z.int().positive(),
  cause: AccessRefusal,
  /** When ingest-service tries again by itself; null when it waits for a new token. */
  retryAfterSeconds: z.int().nonnegative().nullable(),
}));
export type AccessRefused = EventOf<typeof accessRefused>;
