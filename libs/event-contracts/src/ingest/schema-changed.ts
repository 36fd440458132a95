import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId } from '../ids.ts';

const Fields = z.array(ApiName).max(2_000);
/** The first of them; the field catalogue of the warehouse has all. */
const PicklistValues = z.array(z.string()).max(100);

/** Describe differs from the last run. */
export const schemaChanged = defineEvent('ingest.schema.changed', 1, 'Fields of an object were added, removed, hidden, renamed or retyped at Salesforce, or a picklist offers other values. A field is named removed or hidden only where the org tells which; a renamed one is in neither list.', z.strictObject({
  connectionId: ConnectionId,
  object: ApiName,
  added: Fields,
  removed: Fields,
  hidden: Fields.optional(),
  vanished: Fields.optional(),
  renamed: z.array(z.strictObject({ from: ApiName, to: ApiName })).max(2_000).optional(),
  retyped: z.array(z.strictObject({ field: ApiName, from: z.string(), to: z.string() })).max(2_000),
  picklists: z.array(z.strictObject({ field: ApiName, added: PicklistValues, removed: PicklistValues })).max(2_000).optional(),
}));
export type SchemaChanged = EventOf<typeof schemaChanged>;
