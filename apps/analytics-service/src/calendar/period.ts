import type { Period } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { addDays, addUnits, daysBetween, earlier, startOf, type Day } from './dates.ts';
import { fiscalSpan, type FiscalCalendar, type FiscalSpan } from './fiscal-year.ts';

/** A period as half-open days. */
export interface ResolvedPeriod {
  readonly label: string;
  readonly from: Day;
  readonly until: Day;
  /** Whether it depends on the org's fiscal year. */
  readonly isFiscal: boolean;
}

/**
 * Days of a period as seen from `today`.
 * @throws InvalidInput `query.period_empty`; `query.fiscal_calendar_missing` outside the org's Period rows
 */
export function resolvePeriod(period: Period, today: Day, fiscal: FiscalCalendar): ResolvedPeriod {
  const resolved = 'last' in period ? lastUnits(period.last, today) : 'calendar' in period ? unitsAround(period, today, fiscal) : { label: `${period.from} to ${addDays(period.until, -1)}`, from: period.from, until: period.until, isFiscal: false };
  if (resolved.from >= resolved.until) throw new InvalidInput('query.period_empty', 'The period has no days.', { details: { from: resolved.from, until: resolved.until } });
  return resolved;
}

/** The n units that end with today. */
function lastUnits({ n, unit }: Extract<Period, { last: unknown }>['last'], today: Day): ResolvedPeriod {
  const until = addDays(today, 1);
  return { label: n === 1 ? `Last ${unit}` : `Last ${n} ${unit}s`, from: addUnits(until, unit, -n), until, isFiscal: false };
}

function unitsAround(period: Extract<Period, { calendar: unknown }>, today: Day, fiscal: FiscalCalendar): ResolvedPeriod {
  const { from: first, to: last, toDate = false } = period;
  if (first > last) throw new InvalidInput('query.period_empty', 'The period ends before it begins.', { details: { from: first, to: last } });
  const at = (offset: number): FiscalSpan => spanAt(period, today, fiscal, offset);
  const [from, to] = [at(first), at(last)];
  // "To date" means the same number of days into the last unit as have passed of the present one.
  const until = toDate ? earlier(addDays(to.from, daysBetween(at(0).from, today) + 1), to.until) : to.until;
  const label = first === last ? to.label : `${from.label} to ${to.label}`;
  return { label: toDate ? `${label} to date` : label, from: from.from, until, isFiscal: period.calendar === 'fiscal' };
}

function spanAt({ calendar, unit }: Extract<Period, { calendar: unknown }>, today: Day, fiscal: FiscalCalendar, offset: number): FiscalSpan {
  if (calendar === 'fiscal') {
    const span = fiscalSpan(fiscal, unit, today, offset);
    if (span !== undefined) return span;
    throw new InvalidInput('query.fiscal_calendar_missing', `The org's Period rows do not reach the fiscal ${unit} asked for.`, { action: 'Ask for another period, or define the fiscal year in Salesforce.', details: { object: 'Period' } });
  }
  const from = addUnits(startOf(today, unit), unit, offset);
  return { from, until: addUnits(from, unit, 1), label: calendarLabel(from, unit) };
}

/** `2026`, `2026 Q4`, `2026-11` */
export function calendarLabel(from: Day, unit: 'month' | 'quarter' | 'year'): string {
  if (unit === 'year') return from.slice(0, 4);
  return unit === 'month' ? from.slice(0, 7) : `${from.slice(0, 4)} Q${Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1}`;
}
