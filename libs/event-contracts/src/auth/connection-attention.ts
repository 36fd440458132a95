import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** Who must act on a connection: the person, their Salesforce admin, the operator of this installation, or nobody. */
export const Actor = z.enum(['user', 'admin', 'operator', 'nobody']);
export type Actor = z.infer<typeof Actor>;

/** The connection cannot go on by itself, or just recovered (`resolved`). */
export const connectionAttention = defineEvent('auth.connection.attention', 1, 'The connection needs re-consent, an admin or time; or it has recovered.', z.strictObject({
  connectionId: ConnectionId,
  state: z.string().min(1),
  /** Stable cause code, such as `revoked-or-unknown`. */
  cause: z.string().min(1),
  who: Actor,
  /** One plain sentence for people. */
  text: z.string().min(1),
  resolved: z.boolean(),
}));
export type ConnectionAttention = EventOf<typeof connectionAttention>;
