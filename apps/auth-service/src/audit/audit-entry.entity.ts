import { defineEntity, p } from '@mikro-orm/postgresql';

/** Something that happened to a connection or by a person; only ever added. The database numbers and chains it. */
export const AuditEntryTable = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.bigint().primary().autoincrement(),
    workspaceId: p.uuid(),
    connectionId: p.uuid().nullable(),
    personId: p.uuid().nullable(),
    at: p.datetime(),
    /** Stable code, such as `consented`, `refreshed`, `state-changed`, `disconnected`. */
    kind: p.string(),
    /** One plain sentence. */
    text: p.string(),
    cause: p.string().nullable(),
    correlationId: p.uuid().nullable(),
  },
});
