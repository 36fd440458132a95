import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** Answers `auth.connection.erased`: jobs and runs of the connection ended, its warehouse schema is frozen or dropped. */
export const copyClosed = defineEvent('ingest.copy.closed', 1, 'ingest-service has frozen or erased what it held of a disconnected connection.', z.strictObject({
  connectionId: ConnectionId,
  data: z.enum(['keep', 'erase']),
}));
export type CopyClosed = EventOf<typeof copyClosed>;
