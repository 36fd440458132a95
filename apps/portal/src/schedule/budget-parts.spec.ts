import type { SyncForecast } from '@tributary/api-contracts';
import { describe, expect, it } from 'vitest';
import { budgetParts, verdictOn } from './budget-parts.ts';

const asOf = '2026-11-26T01:00:00Z';

describe('the calls of an org in 24 hours', () => {
  it('are split into own, those of others, what is left, and the reserve', () => {
    expect(budgetParts({ used: 30_000, limit: 100_000, ceiling: 80_000, asOf }, 18_000)).toEqual({ own: 12_000, others: 18_000, room: 50_000, reserve: 20_000 });
  });

  it('leave no room above the ceiling, and a smaller reserve', () => {
    expect(budgetParts({ used: 90_000, limit: 100_000, ceiling: 80_000, asOf }, 90_000)).toEqual({ own: 0, others: 90_000, room: 0, reserve: 10_000 });
  });

  it('may be more than the limit, and then there is nothing left', () => {
    expect(budgetParts({ used: 110_000, limit: 100_000, ceiling: 80_000, asOf }, 100_000)).toEqual({ own: 10_000, others: 100_000, room: 0, reserve: 0 });
  });

  it('are nobody’s own while that cannot be told', () => {
    expect(budgetParts({ used: 10, limit: 100, ceiling: 80, asOf }, null)).toMatchObject({ own: 0, others: 10 });
  });
});

describe('a forecast', () => {
  const forecast: SyncForecast = { runsPerDay: 24, callsPerRun: 10, callsPerDay: 240, limit: 1_000, ceiling: 800, usedByOthers: 300, fits: true };

  it.each([
    [{}, { kind: 'fits', room: 500, left: 260 }],
    [{ callsPerDay: 450 }, { kind: 'tight', room: 500, left: 50 }],
    [{ callsPerDay: 501, fits: false }, { kind: 'refused', room: 500, left: 0 }],
    [{ usedByOthers: 900, fits: false }, { kind: 'refused', room: 0, left: 0 }],
    [{ ceiling: null, limit: null, usedByOthers: null }, { kind: 'unknown' }],
  ])('with %j is judged as %j', (part, verdict) => {
    expect(verdictOn({ ...forecast, ...part })).toEqual(verdict);
  });
});
