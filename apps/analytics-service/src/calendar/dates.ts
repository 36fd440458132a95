/** A day as `YYYY-MM-DD`; has no zone. */
export type Day = string;

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export function addDays(day: Day, days: number): Day {
  const { year, month, date } = parts(day);
  return dayOf(year, month, date + days);
}

/** Adds months; a day the target month lacks becomes its last day. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, date } = parts(day);
  const last = new Date(utc(year, month + months + 1, 0)).getUTCDate();
  return dayOf(year, month + months, Math.min(date, last));
}

export function addUnits(day: Day, unit: CalendarUnit, n: number): Day {
  if (unit === 'day') return addDays(day, n);
  if (unit === 'week') return addDays(day, 7 * n);
  return addMonths(day, n * monthsIn[unit]);
}

/** First day of the calendar unit that contains the day; weeks start on Monday. */
export function startOf(day: Day, unit: CalendarUnit): Day {
  const { year, month } = parts(day);
  if (unit === 'day') return day;
  if (unit === 'week') return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  if (unit === 'month') return dayOf(year, month, 1);
  return unit === 'quarter' ? dayOf(year, month - (month % 3), 1) : dayOf(year, 0, 1);
}

/** Whole days from `from` to `until`. */
export function daysBetween(from: Day, until: Day): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function earlier(left: Day, right: Day): Day {
  return left < right ? left : right;
}

/** `2026-11` as month 10: months count from 0, as in `Date`. */
export function parts(day: Day): { year: number; month: number; date: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) - 1, date: Number(day.slice(8, 10)) };
}

export function dayOf(year: number, month: number, date: number): Day {
  return new Date(utc(year, month, date)).toISOString().slice(0, 10);
}

const monthsIn = { month: 1, quarter: 3, year: 12 } as const;

/** `Date.UTC` takes years 0–99 for 1900–1999; Salesforce dates start at 1700, so that it does not matter here. */
function utc(year: number, month: number, date: number): number {
  return Date.UTC(year, month, date);
}
