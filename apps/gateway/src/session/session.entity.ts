import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Role } from '@tributary/api-contracts';

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
    role: p.string().$type<Role>(),
    /** When the person last proved who they are. */
    authenticatedAt: p.datetime(),
    openedAt: p.datetime(),
    lastSeenAt: p.datetime(),
  },
});
export type Session = InferEntity<typeof SessionTable>;
