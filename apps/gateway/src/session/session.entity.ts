import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Role, SignInProof } from '@tributary/api-contracts';

/** A browser session; the cookie holds its secret, the table only the hash. */
export const SessionTable = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    idHash: p.string().primary(),
    /** Name of the session for its own person; opens nothing. */
    publicId: p.uuid(),
    personId: p.uuid(),
    workspaceId: p.uuid(),
    workspaceName: p.string(),
    name: p.string(),
    email: p.string().nullable(),
    role: p.string().$type<Role>(),
    /** When the person last proved who they are. */
    authenticatedAt: p.datetime(),
    proof: p.json().$type<SignInProof>(),
    openedAt: p.datetime(),
    /** When its secret was made: later than `openedAt` once it was rotated. */
    issuedAt: p.datetime(),
    lastSeenAt: p.datetime(),
    /** `Firefox on Linux`, as the browser says of itself. */
    browser: p.string(),
  },
});
export type Session = InferEntity<typeof SessionTable>;
