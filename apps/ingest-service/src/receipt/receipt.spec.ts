import { expect, it } from 'vitest';
import { judgeCounts, type WindowCounts } from './receipt.ts';

const agreeing: WindowCounts = { sourceCount: 10, recount: null, jobCount: 10, parsed: 10, superseded: 0, inserted: 4, updated: 3, unchanged: 3 };

it('is complete when source, job, page and warehouse counts agree', () => {
  expect(judgeCounts(agreeing)).toEqual({ complete: true, reason: null });
});

it.each([
  ['the job wrote more than arrived', { ...agreeing, jobCount: 11 }],
  ['a row was lost on the way into the warehouse', { ...agreeing, unchanged: 2 }],
  ['the source has a row more and has not changed', { ...agreeing, sourceCount: 11, recount: 11 }],
  ['fewer rows were read than the source ever had', { ...agreeing, sourceCount: 12, recount: 15 }],
  ['the source was not counted again', { ...agreeing, sourceCount: 11 }],
])('is partial when %s, and says what is tried next', (_what, counts) => {
  const { complete, reason } = judgeCounts(counts);
  expect(complete).toBe(false);
  expect(reason).toMatch(/The next run reads the same window again\.$/);
});

it('accepts a difference that a second count explains', () => {
  expect(judgeCounts({ ...agreeing, sourceCount: 9, recount: 12 })).toMatchObject({ complete: true, reason: expect.stringContaining('9 rows before, 12 after, 10 read') as string });
});

it('counts a row that was read twice once', () => {
  expect(judgeCounts({ ...agreeing, jobCount: 11, parsed: 11, superseded: 1 })).toMatchObject({ complete: true });
});
