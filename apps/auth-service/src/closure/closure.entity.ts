import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** What the other services still have to do for a connection that was disconnected; one row per connection, renewed by each disconnect. */
export const ClosureTable = defineEntity({
  name: 'Closure',
  tableName: 'closure',
  properties: {
    connectionId: p.uuid().primary(),
    workspaceId: p.uuid(),
    data: p.string().$type<'keep' | 'erase'>(),
    askedAt: p.datetime(),
    /** How often they were asked again. */
    askedAgain: p.integer().default(0),
    /** Null once both have answered. */
    nextAskAt: p.datetime().nullable(),
    /** When ingest-service confirmed. */
    ingestAt: p.datetime().nullable(),
    /** When analytics-service confirmed. */
    analyticsAt: p.datetime().nullable(),
  },
});
export type Closure = InferEntity<typeof ClosureTable>;
