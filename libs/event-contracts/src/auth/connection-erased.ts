import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** The connection was disconnected; subscribers keep its data frozen or erase it. */
export const connectionErased = defineEvent('auth.connection.erased', 1, 'The connection was disconnected; what subscribers hold of it is frozen or erased.', z.strictObject({
  connectionId: ConnectionId,
  data: z.enum(['keep', 'erase']),
}));
export type ConnectionErased = EventOf<typeof connectionErased>;
