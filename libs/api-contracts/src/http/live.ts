import { z } from 'zod';
import { ObjectProgress } from './object-progress.ts';
import { RunEstimate } from './sync-run.ts';

/** What `GET /api/live` sends as `data`; the event name is `type`. Hints only: the state is always readable by GET. */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sync.progress'), connectionId: z.uuid(), runId: z.uuid(), objects: z.array(ObjectProgress), firstBoardSeconds: z.int().nonnegative().nullable(), estimate: RunEstimate.nullable().default(null) }),
  z.object({ type: z.literal('sync.finished'), connectionId: z.uuid(), runId: z.uuid(), outcome: z.enum(['complete', 'partial', 'failed']) }),
  z.object({ type: z.literal('dataset.refreshed'), connectionId: z.uuid(), objects: z.array(z.string()) }),
  z.object({ type: z.literal('connection.changed'), connectionId: z.uuid(), state: z.string() }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;
