import type { Role } from '@tributary/api-contracts';

/** What somebody may want to do in a workspace. Reading stands for what is theirs or shared with them. */
export type Action =
  | 'read' | 'sync' | 'connect' | 'change-own-connection' | 'share-own-connection' | 'disconnect-own' | 'disconnect-any'
  | 'rename-workspace' | 'manage-members' | 'manage-invitations' | 'manage-signing-keys' | 'connect-service' | 'read-audit';

const viewer: readonly Action[] = ['read', 'disconnect-own'];
const analyst: readonly Action[] = [...viewer, 'sync', 'connect', 'change-own-connection', 'share-own-connection'];
const owner: readonly Action[] = [...analyst, 'disconnect-any', 'rename-workspace', 'manage-members', 'manage-invitations', 'manage-signing-keys', 'connect-service', 'read-audit'];

const allowed: Readonly<Record<Role, ReadonlySet<Action>>> = { viewer: new Set(viewer), analyst: new Set(analyst), owner: new Set(owner) };

/** Whether a role allows an action. */
export function may(role: Role, action: Action): boolean {
  return allowed[role].has(action);
}
