import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Role } from '@tributary/api-contracts';

/** Where a workspace's name is from: the address of its org (or its first person), the org's own name, or an owner's choice. */
export type NameOrigin = 'address' | 'org' | 'owner';

/** The people of one customer of this installation; made for an org, or by somebody who has none. */
export const WorkspaceTable = defineEntity({
  name: 'Workspace',
  tableName: 'workspace',
  properties: { id: p.uuid().primary(), orgId: p.string().nullable(), name: p.string(), nameOrigin: p.string().$type<NameOrigin>().default('address'), createdAt: p.datetime() },
});

/** Somebody who signs in; known by issuer and subject, never by e-mail. */
export const PersonTable = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    id: p.uuid().primary(),
    workspaceId: p.uuid(),
    /** `salesforce`, or the issuer identifier of an OpenID provider. */
    issuer: p.string(),
    /** Unique at the issuer; for Salesforce `<org id>:<user id>` in 18 characters. */
    subject: p.string(),
    orgId: p.string().nullable(),
    userId: p.string().nullable(),
    name: p.string(),
    email: p.string().nullable(),
    role: p.string().$type<Role>(),
    createdAt: p.datetime(),
    lastSignInAt: p.datetime(),
    disabledAt: p.datetime().nullable(),
    /** Sessions opened before count no more. */
    sessionsValidFrom: p.datetime().nullable(),
  },
});
export type Person = InferEntity<typeof PersonTable>;
