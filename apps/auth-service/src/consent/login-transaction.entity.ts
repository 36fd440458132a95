import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';

/** A started consent. State and browser binding are kept as hashes, verifier and nonce in the vault under the row's id. */
export const LoginTransactionTable = defineEntity({
  name: 'LoginTransaction',
  tableName: 'login_transaction',
  properties: {
    id: p.uuid().primary(),
    stateHash: p.string(),
    browserHash: p.string(),
    /** `salesforce`, or the name of an OpenID provider; a callback of another one does not finish it. */
    provider: p.string(),
    loginOrigin: p.string(),
    returnPath: p.string(),
    /** Who was signed in when it started. */
    personId: p.uuid().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});
export type LoginTransaction = InferEntity<typeof LoginTransactionTable>;
