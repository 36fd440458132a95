import type { Attention, Connection } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { bannerActionOf } from './banner-action.ts';

const mine = { id: 'p1', name: 'Anna', isMe: true };
function attention(cause: string, who: Attention['who']): Attention {
  return { cause, who, text: 'It ended.', since: '2026-11-25T10:00:00Z' };
}
function actionFor(state: Connection['state'], part: Attention | null = null, owner = mine): string {
  return bannerActionOf({ state, attention: part, owner });
}

it.each([
  ['needs_reconsent', attention('idle-timeout', 'user'), 'reconnect'],
  ['disconnected', null, 'reconnect'],
  ['needs_admin', attention('app-blocked', 'admin'), 'doctor'],
  ['held', attention('daily-quota', 'nobody'), 'none'],
  ['paused', null, 'resume'],
  ['pending_consent', null, 'checklist'],
  ['active', null, 'none'],
  ['active', attention('revoked-or-unknown', 'user'), 'reconnect'],
  ['active', attention('certificate-mismatch', 'admin'), 'jwt'],
  ['purged', null, 'none'],
] as const)('offers in the state %s the one step that helps', (state, part, action) => {
  expect(actionFor(state, part)).toBe(action);
});

it('does not offer to act with the access of somebody else', () => {
  const theirs = { id: 'p2', name: 'Ben', isMe: false };
  expect(actionFor('needs_reconsent', attention('idle-timeout', 'user'), theirs)).toBe('doctor');
  expect(actionFor('paused', null, theirs)).toBe('none');
});
