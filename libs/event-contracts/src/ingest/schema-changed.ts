import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId } from '../ids.ts';

/** Describe differs from the last run. */
export const schemaChanged = defineEvent('ingest.schema.changed', 1, 'Fields of an object were added, removed or retyped at Salesforce.', z.strictObject({
  connectionId: ConnectionId,
  object: ApiName,
  added: z.array(ApiName).max(2_000),
  removed: z.array(ApiName).max(2_000),
  retyped: z.array(z.strictObject({ field: ApiName, from: z.string(), to: z.string() })).max(2_000),
}));
export type SchemaChanged = EventOf<typeof schemaChanged>;
