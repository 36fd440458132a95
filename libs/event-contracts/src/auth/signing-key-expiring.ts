import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId, Instant } from '../ids.ts';

/** The certificate assertions are signed under ends soon; told at 60, 30, 14, 7, 3 and 1 days, once each, for every connection that relies on it. */
export const signingKeyExpiring = defineEvent('auth.signing-key.expiring', 1, 'The certificate that assertions are signed under ends in a number of days.', z.strictObject({
  connectionId: ConnectionId,
  keyId: z.uuid(),
  /** SHA-256 of the certificate, hexadecimal with colons. */
  fingerprint: z.string().min(1),
  notAfter: Instant,
  daysLeft: z.int().nonnegative(),
  /** Whether a successor is there to be uploaded. */
  successorReady: z.boolean(),
}));
export type SigningKeyExpiring = EventOf<typeof signingKeyExpiring>;
