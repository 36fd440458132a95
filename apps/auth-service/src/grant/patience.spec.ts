import type { ConnectionState } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import type { Trigger } from '../connection/connection-machine.ts';
import { outOfPatience } from './patience.ts';

const now = new Date('2026-11-25T12:00:00Z');
const [h, day] = [3_600_000, 86_400_000];

it.each<[string, ConnectionState, string | null, Trigger, number, string | undefined]>([
  ['waits a day for a sign-in that does not answer', 'degraded', 'as-unavailable', 'refresh-unavailable', 24 * h, undefined],
  ['then calls somebody', 'degraded', 'as-unavailable', 'refresh-unavailable', 24 * h + 1, 'degraded-too-long'],
  ['also while the next refresh is under way', 'refreshing', 'as-unavailable', 'refresh-unavailable', 25 * h, 'degraded-too-long'],
  ['and it stays theirs', 'needs_admin', 'degraded-too-long', 'refresh-unavailable', h, 'degraded-too-long'],
  ['waits 14 days for an org that lets nobody in', 'held', 'org-inactive', 'held', 14 * day, undefined],
  ['then calls somebody', 'held', 'org-inactive', 'held', 14 * day + 1, 'held-too-long'],
  ['and it stays theirs', 'needs_admin', 'held-too-long', 'held', h, 'held-too-long'],
  ['does not count another trouble', 'needs_admin', 'app-blocked', 'refresh-unavailable', 25 * h, undefined],
  ['does not count what is no waiting', 'degraded', 'as-unavailable', 'refresh-lost', 25 * h, undefined],
])('%s: %s with %s, %s', (_what, state, attentionCause, trigger, ageMs, expected) => {
  expect(outOfPatience({ state, attentionCause, attentionSince: new Date(now.getTime() - ageMs) }, trigger, now)).toBe(expected);
});

it('begins to count with the trouble', () => {
  expect(outOfPatience({ state: 'refreshing', attentionCause: null, attentionSince: null }, 'refresh-unavailable', now)).toBeUndefined();
});
