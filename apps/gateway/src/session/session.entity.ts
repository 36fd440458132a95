import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** A browser session; the cookie holds the id, the table only its hash. */
export const SessionTable = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    idHash: p.string().primary(),
    personId: p.uuid(),
    workspaceId: p.uuid(),
    workspaceName: p.string(),
    name: p.string(),
    email: p.string().nullable(),
    openedAt: p.datetime(),
    lastSeenAt: p.datetime(),
  },
});
export type Session = InferEntity<typeof SessionTable>;
