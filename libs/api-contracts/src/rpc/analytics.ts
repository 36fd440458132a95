import { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { z } from 'zod';
import { AnalyticsQueries, AnalyticsQuery, MetricRegistry, QueryAnswer } from '../http/query.ts';
import { RecordsAnswer, RecordsRequest } from '../http/records.ts';
import { defineRequest } from './define-request.ts';

/** The workspace is that of the person who asks, as their session tells it: what another one has copied is not seen. */
const ofConnection = z.strictObject({ workspaceId: WorkspaceId, connectionId: ConnectionId });

/** The metric registry with definitions. */
export const listMetrics = defineRequest('analytics', 'metrics', z.strictObject({}), MetricRegistry);

/** @throws InvalidInput `query.unknown_metric`, `query.incompatible_dimension`, … ; Conflict `dataset.not_ready` */
export const runQuery = defineRequest('analytics', 'query', ofConnection.extend({ query: AnalyticsQuery }), QueryAnswer, { timeoutMs: 20_000 });

/** What became of one of several questions: its answer, or the failure as it travels. */
export const RepliedQuery = z.union([
  z.strictObject({ answer: QueryAnswer }),
  z.strictObject({ failure: z.object({ kind: z.string(), code: z.string(), message: z.string(), action: z.string().optional(), retryAfterMs: z.number().optional(), details: z.record(z.string(), z.unknown()) }) }),
]);
export type RepliedQuery = z.infer<typeof RepliedQuery>;

/** Several questions at the same versions of the data, each with its own outcome, in their order. @throws Conflict `dataset.not_ready` */
export const runQueries = defineRequest('analytics', 'queries',
  AnalyticsQueries.extend(ofConnection.shape), z.strictObject({ answers: z.array(RepliedQuery) }), { timeoutMs: 30_000 });

/** Rows of an object in the warehouse. @throws NotFound `OBJECT_NOT_COPIED`; InvalidInput `records.*` */
export const listRecords = defineRequest('analytics', 'records',
  ofConnection.extend({ object: z.string().max(80), request: RecordsRequest }), RecordsAnswer, { timeoutMs: 20_000 });
