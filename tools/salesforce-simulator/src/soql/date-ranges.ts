import { fiscalMonthStart, fiscalOf } from '../org/fiscal.ts';

/** Half-open range of dates. */
export interface DateRange {
  readonly from: string;
  readonly until: string;
}

/** The days a date literal such as `THIS_QUARTER` or `LAST_N_DAYS:30` stands for, seen from `today`. */
export function dateRange(name: string, today: string): DateRange {
  const [word = '', count = '1'] = name.split(':');
  const n = Number(count);
  if (word === 'TODAY') return days(today, 0, 1);
  if (word === 'YESTERDAY') return days(today, -1, 0);
  if (word === 'TOMORROW') return days(today, 1, 2);
  if (word === 'LAST_90_DAYS') return days(today, -90, 1);
  if (word === 'NEXT_90_DAYS') return days(today, 1, 91);
  const ago = /^N_(\w+)S_AGO$/.exec(word);
  if (ago !== null) return unitRange(ago[1] ?? 'DAY', today, -n, -n + 1);
  const several = /^(LAST|NEXT)_N_(\w+)S$/.exec(word);
  if (several !== null) {
    const unit = several[2] ?? 'DAY';
    if (several[1] === 'NEXT') return unitRange(unit, today, 1, n + 1);
    return unitRange(unit, today, -n, unit === 'DAY' ? 1 : 0);
  }
  const single = /^(LAST|THIS|NEXT)_(\w+)$/.exec(word);
  const shift = single?.[1] === 'LAST' ? -1 : single?.[1] === 'NEXT' ? 1 : 0;
  return unitRange(single?.[2] ?? 'DAY', today, shift, shift + 1);
}

function unitRange(unit: string, today: string, from: number, until: number): DateRange {
  return { from: unitStart(unit, today, from), until: unitStart(unit, today, until) };
}

function unitStart(unit: string, today: string, shift: number): string {
  const at = new Date(`${today}T00:00:00Z`);
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  switch (unit) {
    case 'WEEK': return plusDays(today, -at.getUTCDay() + 7 * shift);
    case 'MONTH': return isoDay(year, month + shift);
    case 'QUARTER': return isoDay(year, Math.floor(month / 3) * 3 + 3 * shift);
    case 'YEAR': return isoDay(year + shift, 0);
    case 'FISCAL_QUARTER': {
      const fiscal = fiscalOf(today);
      return fiscalMonthStart(fiscal.year, (fiscal.quarter - 1 + shift) * 3 + 1);
    }
    case 'FISCAL_YEAR': return fiscalMonthStart(fiscalOf(today).year + shift, 1);
    default: return plusDays(today, shift);
  }
}

function days(today: string, from: number, until: number): DateRange {
  return { from: plusDays(today, from), until: plusDays(today, until) };
}

function isoDay(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

export function plusDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
