import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId, OrgId } from '../ids.ts';

/** A connection holds a usable grant. Published by auth-service, one per epoch. Carries no secret. */
export const tokenReady = defineEvent('auth.token.ready', 1, 'A usable access token can be leased for the connection; carries no token.', z.strictObject({
  connectionId: ConnectionId,
  orgId: OrgId,
  /** Grows by one per refresh; lets a consumer drop an older event. */
  epoch: z.int().positive(),
  flow: z.enum(['web-server', 'refresh-token', 'jwt-bearer']),
}));
export type TokenReady = EventOf<typeof tokenReady>;
