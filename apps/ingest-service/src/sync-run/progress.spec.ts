import { expect, it } from 'vitest';
import { firstBoardSeconds, progressOf, type ProgressState } from './progress.ts';

const opportunity: ProgressState = {
  object: 'Opportunity', label: 'Opportunity', status: 'extracting', step: 'Reading rows', rowsDone: 4_000, rowsTotal: 10_000, api: 'bulk', apiCalls: 5, workedMs: 4_000, workedRows: 4_000,
};

it('shows a range of the time left once three seconds of work are known', () => {
  // 6,000 rows left at 1,000 a second: 6 s, shown as 0.8 to 1.5 times that.
  expect(progressOf(opportunity)).toMatchObject({ rowsPerSecond: 1_000, etaSeconds: { from: 4, to: 10 } });
  expect(progressOf({ ...opportunity, workedMs: 2_000, workedRows: 2_000 }).etaSeconds).toBeNull();
});

it('shows no time left for an object that is not being read', () => {
  expect(progressOf({ ...opportunity, status: 'complete' }).etaSeconds).toBeNull();
  expect(progressOf({ ...opportunity, rowsTotal: null }).etaSeconds).toBeNull();
});

it('tells when the first board can be shown, and nothing once it can', () => {
  const task = progressOf({ ...opportunity, object: 'Task' });
  expect(firstBoardSeconds([progressOf(opportunity), task])).toBe(11);
  expect(firstBoardSeconds([progressOf({ ...opportunity, status: 'complete' }), task])).toBeNull();
});
