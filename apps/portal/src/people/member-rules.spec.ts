import type { Member } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { memberRule, ownerNames } from './member-rules.ts';

function aMember(name: string, part: Partial<Member> = {}): Member {
  const at = '2026-11-25T10:00:00Z';
  return { id: name, name, email: null, role: 'analyst', signsInWith: 'salesforce', disabled: false, isSelf: false, createdAt: at, lastSignInAt: at, ...part };
}
const me = aMember('Anna', { role: 'owner', isSelf: true });

it('lets owners change others and nobody else anybody', () => {
  const ben = aMember('Ben');
  expect(memberRule(ben, [me, ben], 'owner')).toBe('yes');
  expect(memberRule(ben, [me, ben], 'analyst')).toBe('not-owner');
  expect(memberRule(ben, [me, ben], undefined)).toBe('not-owner');
});

it('keeps the last owner who can sign in', () => {
  expect(memberRule(me, [me, aMember('Cara', { role: 'owner', disabled: true })], 'owner')).toBe('last-owner');
  expect(memberRule(me, [me, aMember('Cara', { role: 'owner' })], 'owner')).toBe('self');
});

it('names the owners to ask, without oneself and without disabled ones', () => {
  expect(ownerNames([me, aMember('Ben'), aMember('Cara', { role: 'owner' }), aMember('Dan', { role: 'owner', disabled: true })])).toEqual(['Cara']);
});
