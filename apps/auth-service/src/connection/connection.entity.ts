import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { AccessPolicy, Attention, ConnectionCore, ConnectionState, Visibility } from '@tributary/api-contracts';

/** One person's consent for one org, and what became of it. Holds no secret. */
export const ConnectionTable = defineEntity({
  name: 'Connection',
  tableName: 'connection',
  properties: {
    id: p.uuid().primary(),
    workspaceId: p.uuid(),
    personId: p.uuid(),
    orgId: p.string(),
    userId: p.string(),
    name: p.string(),
    orgKind: p.string().$type<ConnectionCore['org']['kind']>(),
    userName: p.string(),
    username: p.string(),
    state: p.string().$type<ConnectionState>(),
    /** Ways in that may be used. */
    policy: p.string().$type<AccessPolicy>().default('user'),
    attentionCause: p.string().nullable(),
    attentionWho: p.string().$type<Attention['who']>().nullable(),
    attentionText: p.string().nullable(),
    attentionSince: p.datetime().nullable(),
    /** Origin of the org's data API. */
    instanceUrl: p.string(),
    loginOrigin: p.string(),
    /** Audience of assertions for a user of an Experience Cloud site. Outlives a dead grant, as the username does: the next proof needs both. */
    site: p.string().nullable(),
    /** What to do with the data once disconnected. */
    dataAfter: p.string().$type<'keep' | 'erase'>().nullable(),
    /** Tries in a row that failed for a passing reason. */
    failures: p.integer().default(0),
    /** When to look again without being asked. */
    nextCheckAt: p.datetime().nullable(),
    /** Who may see its data. */
    visibility: p.string().$type<Visibility>().default('private'),
    /** Since when its person wants it paused, whatever else befalls it; null when they do not. */
    pausedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    changedAt: p.datetime(),
  },
});
export type Connection = InferEntity<typeof ConnectionTable>;
