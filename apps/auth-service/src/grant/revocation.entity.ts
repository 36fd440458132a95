import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** A refresh token that must still be revoked at Salesforce; the token is in the vault under the row's id. */
export const RevocationTable = defineEntity({
  name: 'Revocation',
  tableName: 'revocation',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    workspaceId: p.uuid(),
    loginOrigin: p.string(),
    /** Whether the connection waits for it to become `disconnected`. */
    endsConnection: p.boolean(),
    attempts: p.integer().default(0),
    nextAt: p.datetime(),
    giveUpAt: p.datetime(),
  },
});
export type Revocation = InferEntity<typeof RevocationTable>;
