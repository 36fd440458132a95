import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { TokenFlow } from '@tributary/api-contracts';

export type GrantState = 'live' | 'dead' | 'superseded' | 'revoked';

/** What an exchange gave: the tokens are in the vault, here is their life. A grant that left `live` never comes back. */
export const OauthGrantTable = defineEntity({
  name: 'OauthGrant',
  tableName: 'oauth_grant',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    workspaceId: p.uuid(),
    kind: p.string().$type<'user' | 'jwt'>(),
    state: p.string().$type<GrantState>(),
    /** Number of the connection's token set; only grows. */
    epoch: p.integer(),
    /** Epoch under which the refresh token was stored: without rotation it outlives several access tokens. */
    refreshEpoch: p.integer(),
    flow: p.string().$type<TokenFlow>(),
    loginOrigin: p.string(),
    scopes: p.string(),
    /** Hash of the access token, to notice when Salesforce gives the rejected one again. */
    accessHash: p.string(),
    issuedAt: p.datetime(),
    createdAt: p.datetime(),
    refreshedAt: p.datetime(),
    refreshCount: p.integer().default(0),
    /** Whether Salesforce replaced the refresh token at the last refresh; null before the first. */
    rotates: p.boolean().nullable(),
    /** The shortest time after which Salesforce refused an access token of this grant, in milliseconds; null until it did. */
    shortestLifeMs: p.integer().nullable(),
    /** When the outcome of a refresh became unknown; null again once a refresh succeeded. */
    uncertainAt: p.datetime().nullable(),
    leaseOwner: p.string().nullable(),
    leaseUntil: p.datetime().nullable(),
    intentEpoch: p.integer().nullable(),
    intentAt: p.datetime().nullable(),
    intentRtHash: p.string().nullable(),
    endedAt: p.datetime().nullable(),
    endedBecause: p.string().nullable(),
  },
});
export type OauthGrant = InferEntity<typeof OauthGrantTable>;
