import { expect, it } from 'vitest';
import { OpenRate } from './open-rate.ts';

const minute = (n: number): number => (1_000 + n) * 60_000;

function alarms(perMinute: readonly number[]): (readonly [minute: number, count: number])[] {
  const rate = new OpenRate();
  return perMinute.flatMap((count, index) => Array.from({ length: count }, () => rate.count(minute(index))).flatMap((alarm) => (alarm === undefined ? [] : [[index, alarm.count] as const])));
}

it('alarms once in a minute with more than five times the usual number', () => {
  expect(alarms([100, 100, 100, 600, 100])).toEqual([[3, 501]]);
});

it('alarms again in the next such minute, which is not taken for usual', () => {
  expect(alarms([100, 100, 900, 900])).toEqual([[2, 501], [3, 501]]);
});

it('follows a slow growth, and lets a first busy minute and small numbers pass', () => {
  expect(alarms(Array.from({ length: 30 }, (_, index) => 100 + 60 * index))).toEqual([]);
  expect(alarms([5_000, 5_000])).toEqual([]);
  expect(alarms([2, 2, 150])).toEqual([]);
});
