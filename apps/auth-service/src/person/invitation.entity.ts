import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Role } from '@tributary/api-contracts';

/** A way into a workspace for somebody not in it yet: seven days, one use; only the hash of its token is kept. */
export const InvitationTable = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    id: p.uuid().primary(),
    workspaceId: p.uuid(),
    tokenHash: p.string(),
    note: p.string(),
    role: p.string().$type<Role>(),
    invitedBy: p.uuid(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    acceptedAt: p.datetime().nullable(),
    acceptedBy: p.uuid().nullable(),
  },
});
export type InvitationRow = InferEntity<typeof InvitationTable>;
