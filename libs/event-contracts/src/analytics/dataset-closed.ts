import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId } from '../ids.ts';

/** Answers `auth.connection.erased`: the DuckDB file of the connection is frozen or deleted. */
export const datasetClosed = defineEvent('analytics.dataset.closed', 1, 'analytics-service has frozen or erased what it held of a disconnected connection.', z.strictObject({
  connectionId: ConnectionId,
  data: z.enum(['keep', 'erase']),
}));
export type DatasetClosed = EventOf<typeof datasetClosed>;
