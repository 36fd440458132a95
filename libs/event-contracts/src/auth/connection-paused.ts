import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** The person paused a connection, or let it go on: nothing new is read at Salesforce in between. */
export const connectionPaused = defineEvent('auth.connection.paused', 1, 'The connection was paused, or goes on after a pause.', z.strictObject({
  connectionId: ConnectionId,
  /** False when it goes on. */
  paused: z.boolean(),
}));
export type ConnectionPaused = EventOf<typeof connectionPaused>;
