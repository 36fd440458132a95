import { ConnectionId } from '@tributary/event-contracts';
import { z } from 'zod';
import { AnalyticsQuery, MetricRegistry, QueryAnswer } from '../http/query.ts';
import { RecordsAnswer, RecordsRequest } from '../http/records.ts';
import { defineRequest } from './define-request.ts';

/** The metric registry with definitions. */
export const listMetrics = defineRequest('analytics', 'metrics', z.strictObject({}), MetricRegistry);

/** @throws InvalidInput `query.unknown_metric`, `query.incompatible_dimension`, … ; Conflict `dataset.not_ready` */
export const runQuery = defineRequest('analytics', 'query', z.strictObject({ connectionId: ConnectionId, query: AnalyticsQuery }), QueryAnswer, { timeoutMs: 20_000 });

/** Rows of an object in the warehouse. @throws NotFound `OBJECT_NOT_COPIED`; InvalidInput `records.*` */
export const listRecords = defineRequest('analytics', 'records',
  z.strictObject({ connectionId: ConnectionId, object: z.string().max(80), request: RecordsRequest }), RecordsAnswer, { timeoutMs: 20_000 });
