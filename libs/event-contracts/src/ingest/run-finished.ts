import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId, SyncRunId } from '../ids.ts';

/** How a sync run ended; `complete` only when every receipt agrees. */
export const RunOutcome = z.enum(['complete', 'partial', 'failed']);
export type RunOutcome = z.infer<typeof RunOutcome>;

/** A sync run ended. */
export const runFinished = defineEvent('ingest.run.finished', 1, 'A sync run ended complete, partial (why) or failed (why).', z.strictObject({
  connectionId: ConnectionId,
  runId: SyncRunId,
  outcome: RunOutcome,
  /** Why not complete: per object a code and a sentence. */
  reasons: z.array(z.strictObject({ object: ApiName.nullable(), code: z.string(), text: z.string() })).max(2_000),
  rows: z.int().nonnegative(),
}));
export type RunFinished = EventOf<typeof runFinished>;
