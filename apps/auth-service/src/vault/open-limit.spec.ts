import { expect, it } from 'vitest';
import { OpenLimit } from './open-limit.ts';

const several = (limit: OpenLimit, count: number, atMs: number, mostMs = 60_000): (number | undefined)[] => Array.from({ length: count }, () => limit.next(atMs, mostMs));

it('lets a thousand through at once and two hundred each second after that', () => {
  const limit = new OpenLimit();
  expect(new Set(several(limit, 1_000, 0))).toEqual(new Set([0]));
  // 1000 / 200 = 5 ms for each one more.
  expect(several(limit, 3, 0)).toEqual([5, 10, 15]);
  // After a second two hundred places are free, less the three that were taken ahead.
  expect(several(limit, 198, 1_000).slice(-2)).toEqual([0, 5]);
});

it('gives the whole burst back after five quiet seconds, and never more', () => {
  const limit = new OpenLimit();
  several(limit, 1_000, 0);
  expect(several(limit, 1_001, 3_600_000).slice(-2)).toEqual([0, 5]);
});

it('takes no place that is too far away', () => {
  const limit = new OpenLimit();
  several(limit, 1_002, 0);
  expect(several(limit, 2, 0, 14)).toEqual([undefined, undefined]);
  expect(limit.next(0, 15)).toBe(15);
});
