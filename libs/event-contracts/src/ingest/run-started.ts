import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId, SyncRunId } from '../ids.ts';

/** A sync run was opened. */
export const runStarted = defineEvent('ingest.run.started', 1, 'A sync run was opened over the listed objects.', z.strictObject({
  connectionId: ConnectionId,
  runId: SyncRunId,
  kind: z.enum(['first', 'incremental']),
  objects: z.array(ApiName).max(2_000),
}));
export type RunStarted = EventOf<typeof runStarted>;
