import { describe, expect, it } from 'vitest';
import { fiscalCalendarOf } from './fiscal-year.ts';
import { resolvePeriod } from './period.ts';

const fiscal = fiscalCalendarOf([], { startMonth: 2, namedByStart: false });
const today = '2026-11-23';

describe('periods as days', () => {
  it('takes half-open dates as they are', () => {
    expect(resolvePeriod({ from: '2026-01-01', until: '2026-02-01' }, today, fiscal)).toEqual({ label: '2026-01-01 to 2026-01-31', from: '2026-01-01', until: '2026-02-01', isFiscal: false });
  });

  it('counts fiscal and calendar units from today', () => {
    expect(resolvePeriod({ calendar: 'fiscal', unit: 'quarter', from: 0, to: 0 }, today, fiscal)).toEqual({ label: 'FY27 Q4', from: '2026-11-01', until: '2027-02-01', isFiscal: true });
    expect(resolvePeriod({ calendar: 'fiscal', unit: 'quarter', from: -3, to: 0 }, today, fiscal)).toMatchObject({ label: 'FY27 Q1 to FY27 Q4', from: '2026-02-01', until: '2027-02-01' });
    expect(resolvePeriod({ calendar: 'gregorian', unit: 'quarter', from: -1, to: -1 }, today, fiscal)).toMatchObject({ label: '2026 Q3', from: '2026-07-01', until: '2026-10-01' });
    expect(resolvePeriod({ calendar: 'gregorian', unit: 'month', from: -11, to: 0 }, today, fiscal)).toMatchObject({ label: '2025-12 to 2026-11', from: '2025-12-01', until: '2026-12-01' });
  });

  it('cuts to the same position in the unit', () => {
    expect(resolvePeriod({ calendar: 'fiscal', unit: 'quarter', from: 0, to: 0, toDate: true }, today, fiscal)).toMatchObject({ from: '2026-11-01', until: '2026-11-24' });
    // Day 23 of the quarter before.
    expect(resolvePeriod({ calendar: 'fiscal', unit: 'quarter', from: -1, to: -1, toDate: true }, today, fiscal)).toMatchObject({ from: '2026-08-01', until: '2026-08-24' });
    // March 31 is day 31; February has no such day.
    expect(resolvePeriod({ calendar: 'gregorian', unit: 'month', from: -1, to: -1, toDate: true }, '2026-03-31', fiscal)).toMatchObject({ from: '2026-02-01', until: '2026-03-01' });
  });

  it('reaches back from today', () => {
    expect(resolvePeriod({ last: { n: 7, unit: 'day' } }, today, fiscal)).toMatchObject({ label: 'Last 7 days', from: '2026-11-17', until: '2026-11-24' });
    expect(resolvePeriod({ last: { n: 12, unit: 'month' } }, today, fiscal)).toMatchObject({ from: '2025-11-24', until: '2026-11-24' });
  });

  it('refuses a period without days', () => {
    expect(() => resolvePeriod({ from: '2026-02-01', until: '2026-02-01' }, today, fiscal)).toThrow(expect.objectContaining({ code: 'query.period_empty' }) as Error);
    expect(() => resolvePeriod({ calendar: 'fiscal', unit: 'year', from: 1, to: 0 }, today, fiscal)).toThrow(expect.objectContaining({ code: 'query.period_empty' }) as Error);
  });
});
