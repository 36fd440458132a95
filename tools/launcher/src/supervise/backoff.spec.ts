import { describe, expect, it } from 'vitest';
import { endsInRow, restartDelayMs } from './backoff.ts';

describe('the wait before a restart', () => {
  it('doubles with each end in a row up to ten seconds', () => {
    expect([1, 2, 3, 6, 7, 50].map((inRow) => restartDelayMs(inRow, 0))).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000]);
  });

  it('begins anew after a minute of life', () => {
    expect(restartDelayMs(9, 60_000)).toBe(250);
    expect(endsInRow(9, 60_000)).toBe(1);
    expect(endsInRow(9, 59_999)).toBe(10);
  });
});
