import { defineEntity, p } from '@mikro-orm/postgresql';

/** Something that happened to a connection; only ever added. */
export const AuditEntryTable = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.bigint().primary().autoincrement(),
    workspaceId: p.uuid(),
    connectionId: p.uuid(),
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
