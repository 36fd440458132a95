import { describe, expect, it } from 'vitest';
import { calendarYear, fiscalCalendarOf, fiscalLabel, fiscalSpan, fiscalStart, type PeriodRow } from './fiscal-year.ts';
import { addDays } from './dates.ts';

describe('fiscal years', () => {
  it('begins in February and is named by its end', () => {
    const calendar = fiscalCalendarOf([], { startMonth: 2, namedByStart: false });
    expect(fiscalSpan(calendar, 'quarter', '2026-11-23')).toEqual({ from: '2026-11-01', until: '2027-02-01', label: 'FY27 Q4' });
    expect(fiscalSpan(calendar, 'quarter', '2026-11-23', -3)).toEqual({ from: '2026-02-01', until: '2026-05-01', label: 'FY27 Q1' });
    expect(fiscalSpan(calendar, 'year', '2026-01-31')).toEqual({ from: '2025-02-01', until: '2026-02-01', label: 'FY26' });
    expect(fiscalSpan(calendar, 'month', '2026-11-23')?.label).toBe('FY27 M10');
    expect(fiscalStart(calendar, 'quarter', 'FY27 Q1', '2026-11-23')).toBe('2026-02-01');
  });

  it('is named by its start when the org says so', () => {
    expect(fiscalSpan(fiscalCalendarOf([], { startMonth: 2, namedByStart: true }), 'year', '2026-11-23')?.label).toBe('FY26');
  });

  it('is the calendar year when nothing is known', () => {
    expect(fiscalCalendarOf([], { startMonth: null, namedByStart: null })).toBe(calendarYear);
    expect(fiscalSpan(calendarYear, 'quarter', '2026-11-23')).toEqual({ from: '2026-10-01', until: '2027-01-01', label: 'FY26 Q4' });
  });

  it('follows Period rows that say the standard rule, also for days without rows', () => {
    const rows: readonly PeriodRow[] = [
      { type: 'Year', from: '2026-02-01', until: '2027-02-01', number: null },
      ...['2026-02-01', '2026-05-01', '2026-08-01', '2026-11-01'].map((from, index) => ({ type: 'Quarter', from, until: ['2026-05-01', '2026-08-01', '2026-11-01', '2027-02-01'][index] ?? '', number: index + 1 })),
    ];
    const calendar = fiscalCalendarOf(rows, { startMonth: null, namedByStart: false });
    expect(calendar).toEqual({ kind: 'standard', startMonth: 2, namedByStart: false, source: 'period' });
    expect(fiscalSpan(calendar, 'quarter', '2020-02-01')?.label).toBe('FY21 Q1');
  });

  it('follows a 4-4-5 year row by row, and knows nothing outside of it', () => {
    // 52 weeks from Monday 2026-02-02; each quarter has 13 weeks of 4, 4 and 5 weeks.
    const quarters = [0, 1, 2, 3].map((n): PeriodRow => ({ type: 'Quarter', from: addDays('2026-02-02', n * 91), until: addDays('2026-02-02', (n + 1) * 91), number: n + 1 }));
    const months = quarters.flatMap(({ from }) => [[0, 28], [28, 56], [56, 91]].map(([start = 0, end = 0]): PeriodRow => ({ type: 'Month', from: addDays(from, start), until: addDays(from, end), number: null })));
    const calendar = fiscalCalendarOf([{ type: 'Year', from: '2026-02-02', until: '2027-02-01', number: null }, ...quarters, ...months], { startMonth: 2, namedByStart: false });
    expect(fiscalSpan(calendar, 'quarter', '2026-05-03')).toEqual({ from: '2026-02-02', until: '2026-05-04', label: 'FY27 Q1' });
    expect(fiscalSpan(calendar, 'quarter', '2026-05-04')?.label).toBe('FY27 Q2');
    expect(fiscalSpan(calendar, 'month', '2026-03-30')).toEqual({ from: '2026-03-30', until: '2026-05-04', label: 'FY27 M03' });
    expect(fiscalLabel(calendar, 'year', '2026-02-02')).toBe('FY27');
    expect(fiscalSpan(calendar, 'year', '2026-02-01')).toBeUndefined();
  });
});
