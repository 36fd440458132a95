import type { Member, Role } from '@tributary/api-contracts';

/** Whether a member can be changed by somebody, or why not. */
export type MemberRule = 'yes' | 'not-owner' | 'self' | 'last-owner';

/** Only owners change others; nobody changes themselves, and the last owner stays. */
export function memberRule(member: Member, members: readonly Member[], role: Role | undefined): MemberRule {
  if (role !== 'owner') return 'not-owner';
  if (isLastOwner(member, members)) return 'last-owner';
  return member.isSelf ? 'self' : 'yes';
}

function isLastOwner(member: Member, members: readonly Member[]): boolean {
  return member.role === 'owner' && !member.disabled && !members.some((other) => other.id !== member.id && other.role === 'owner' && !other.disabled);
}

/** Whom to ask for what only owners may do. */
export function ownerNames(members: readonly Member[]): readonly string[] {
  return members.filter(({ role, disabled, isSelf }) => role === 'owner' && !disabled && !isSelf).map(({ name }) => name);
}
