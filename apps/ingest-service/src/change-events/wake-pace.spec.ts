import { expect, it } from 'vitest';
import { wakeGapMs } from './wake-pace.ts';

it.each([[0, 0], [1, 0], [2, 1_000], [11, 10_000], [61, 60_000], [500, 60_000]])('after %i runs in the last hour lets %i ms pass', (runs, ms) => {
  expect(wakeGapMs(runs)).toBe(ms);
});
