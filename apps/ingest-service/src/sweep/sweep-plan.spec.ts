import { expect, it } from 'vitest';
import { deletionInterval, isCountDue, isSuspicious, isSweepDue } from './sweep-plan.ts';

const now = new Date('2026-11-20T10:00:30Z');

it('asks for whole minutes, more than one apart', () => {
  expect(deletionInterval(new Date('2026-11-20T09:57:40Z'), now)).toEqual({ start: new Date('2026-11-20T09:57:00Z'), end: new Date('2026-11-20T10:01:00Z'), gap: false });
  expect(deletionInterval(new Date('2026-11-20T10:00:00Z'), now)).toBeUndefined();
});

it('knows a gap when the list cannot reach back to where it was read last', () => {
  expect(deletionInterval(new Date('2026-11-01T00:00:00Z'), now)?.gap).toBe(true);
});

it('compares weekly, counts daily and in each run where nothing else tells', () => {
  expect([isSweepDue(new Date('2026-11-13T10:00:30Z'), now), isSweepDue(new Date('2026-11-13T10:00:31Z'), now)]).toEqual([true, false]);
  expect([isCountDue(now, now, false), isCountDue(now, now, true)]).toEqual([true, false]);
});

it('suspects more than a handful and more than a twentieth', () => {
  expect([isSuspicious(10, 20), isSuspicious(11, 219), isSuspicious(11, 221)]).toEqual([false, true, false]);
});
