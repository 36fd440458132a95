import type { Connection, Role } from '@tributary/api-contracts';

/** What somebody may do with the workspace; what they may not is not offered. */
export interface Permissions {
  readonly connect: boolean;
  readonly manageMembers: boolean;
  readonly renameWorkspace: boolean;
  readonly manageKeys: boolean;
  readonly readAudit: boolean;
}

/** @param role undefined while it is not known: nothing is offered then */
export function permissionsOf(role: Role | undefined): Permissions {
  const owner = role === 'owner';
  return { connect: owner || role === 'analyst', manageMembers: owner, renameWorkspace: owner, manageKeys: owner, readAudit: owner };
}

/** What somebody may do with one connection: change it only who consented to it; end it also an owner of the workspace, and always who consented. */
export interface ConnectionPermissions {
  readonly change: boolean;
  readonly sync: boolean;
  readonly disconnect: boolean;
}

export function connectionPermissionsOf({ owner }: Pick<Connection, 'owner'>, role: Role | undefined): ConnectionPermissions {
  const works = role === 'owner' || role === 'analyst';
  return { change: owner.isMe && works, sync: works, disconnect: owner.isMe || role === 'owner' };
}
