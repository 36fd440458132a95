import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId, RowVersion } from '../ids.ts';

/** The analysis copy of a connection has caught up with the warehouse. */
export const datasetRefreshed = defineEvent('analytics.dataset.refreshed', 1, 'The analysis copy holds the warehouse up to these versions.', z.strictObject({
  connectionId: ConnectionId,
  objects: z.array(z.strictObject({ object: ApiName, version: RowVersion, rows: z.int().nonnegative() })).max(2_000),
}));
export type DatasetRefreshed = EventOf<typeof datasetRefreshed>;
