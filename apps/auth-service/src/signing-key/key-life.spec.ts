import type { SigningKeyState } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { daysLeft, due, ladderStep, signingOrder, type KeyLife } from './key-life.ts';

const now = new Date('2026-11-25T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 24 * 60 * 60_000);
const aKey = (state: SigningKeyState, more: Partial<KeyLife> = {}): KeyLife => ({ state, notAfter: inDays(300), createdAt: now, ...more });

it.each([[365, 365], [60, 60], [59.5, 60], [1, 1], [0.01, 1], [0, 0], [-3, 0]])('with %d days until the end shows %d', (days, shown) => {
  expect(daysLeft({ notAfter: inDays(days) }, now)).toBe(shown);
});

it('climbs down the ladder: only the nearest step is told', () => {
  expect([61, 60, 45, 31, 30, 15, 14, 8, 7, 4, 3, 2, 1, 0].map(ladderStep)).toEqual([undefined, 60, 60, 60, 30, 30, 14, 14, 7, 7, 3, 3, 1, undefined]);
});

it.each<[string, KeyLife, ReturnType<typeof due>]>([
  ['a current key in its life', aKey('current'), undefined],
  ['a current key at its end', aKey('current', { notAfter: now }), 'expired'],
  ['an offered key at its end', aKey('offered', { notAfter: now }), 'expired'],
  ['a retiring key, replaced a week ago', aKey('retiring', { retiringSince: inDays(-7) }), undefined],
  ['a retiring key, replaced longer ago', aKey('retiring', { retiringSince: inDays(-7.01) }), 'retired'],
  ['a retiring key that was needed since', aKey('retiring', { retiringSince: inDays(-30), lastUsedAt: inDays(-1) }), undefined],
  ['a retired key', aKey('retired'), 'destroyed'],
  ['a destroyed key', aKey('destroyed', { notAfter: inDays(-1) }), undefined],
  ['an expired key', aKey('expired', { notAfter: inDays(-1) }), undefined],
])('for %s what is due is known', (_what, key, expected) => {
  expect(due(key, now)).toBe(expected);
});

it('signs with the current key first, then with the newest offered one, then with what retires, last with what was only made; never with others', () => {
  const keys = [aKey('retiring'), aKey('created'), aKey('offered', { createdAt: inDays(-2) }), aKey('offered', { createdAt: inDays(-1) }), aKey('current'), aKey('retired'), aKey('expired'), aKey('offered', { notAfter: now })];
  expect(signingOrder(keys, now)).toEqual([keys[4], keys[3], keys[2], keys[0], keys[1]]);
});
