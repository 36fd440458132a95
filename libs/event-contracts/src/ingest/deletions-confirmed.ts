import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ConnectionId, PersonId } from '../ids.ts';

/** Rows of one object were missing at Salesforce, too many at once to be believed; a person says that they really are gone. */
export const deletionsConfirmed = defineEvent('ingest.deletions.confirmed', 1, 'A person confirmed that rows missing at Salesforce really are gone; the next run marks them as deleted.', z.strictObject({
  connectionId: ConnectionId,
  personId: PersonId,
  object: z.string(),
  rows: z.int().positive(),
}));
export type DeletionsConfirmed = EventOf<typeof deletionsConfirmed>;
