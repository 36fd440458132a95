import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** The people of one customer of this installation; one per org until people are invited across orgs. */
export const WorkspaceTable = defineEntity({
  name: 'Workspace',
  tableName: 'workspace',
  properties: { id: p.uuid().primary(), orgId: p.string(), name: p.string(), createdAt: p.datetime() },
});

/** Somebody who signs in; known by org and user id, never by e-mail. */
export const PersonTable = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    id: p.uuid().primary(),
    workspaceId: p.uuid(),
    orgId: p.string(),
    userId: p.string(),
    name: p.string(),
    email: p.string().nullable(),
    role: p.string().$type<'owner' | 'analyst' | 'viewer'>(),
    createdAt: p.datetime(),
    lastSignInAt: p.datetime(),
  },
});
export type Person = InferEntity<typeof PersonTable>;
