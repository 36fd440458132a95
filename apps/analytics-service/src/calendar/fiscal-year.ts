import { addDays, addMonths, dayOf, parts, startOf, type Day } from './dates.ts';

export type FiscalUnit = 'month' | 'quarter' | 'year';

/** A fiscal month, quarter or year: half-open days. */
export interface FiscalSpan {
  readonly from: Day;
  readonly until: Day;
  /** `FY27`, `FY27 Q4`, `FY27 M11` */
  readonly label: string;
}

/** How an org divides its years. */
export type FiscalCalendar =
  | { readonly kind: 'standard'; readonly startMonth: number; readonly namedByStart: boolean; readonly source: 'period' | 'organization' | 'calendar' }
  | { readonly kind: 'periods'; readonly source: 'period' } & Readonly<Record<FiscalUnit, readonly FiscalSpan[]>>;

/** The calendar year, for an org whose fiscal settings are unknown. */
export const calendarYear: FiscalCalendar = { kind: 'standard', startMonth: 1, namedByStart: true, source: 'calendar' };

/** The span of the unit that contains the day, moved by `offset` units; undefined outside a calendar made of Period rows. */
export function fiscalSpan(calendar: FiscalCalendar, unit: FiscalUnit, day: Day, offset = 0): FiscalSpan | undefined {
  if (calendar.kind === 'periods') {
    const spans = calendar[unit];
    const at = spans.findIndex(({ from, until }) => from <= day && day < until);
    return at < 0 ? undefined : spans[at + offset];
  }
  const months = monthsIn[unit];
  const from = addMonths(standardStart(calendar.startMonth, unit, day), offset * months);
  return { from, until: addMonths(from, months), label: standardLabel(calendar, unit, from) };
}

/** Label of the span that starts on the day. */
export function fiscalLabel(calendar: FiscalCalendar, unit: FiscalUnit, from: Day): string {
  return fiscalSpan(calendar, unit, from)?.label ?? from;
}

/** First day of the span a label names; undefined when no span has it. */
export function fiscalStart(calendar: FiscalCalendar, unit: FiscalUnit, label: string, today: Day): Day | undefined {
  if (calendar.kind === 'periods') return calendar[unit].find((span) => span.label === label)?.from;
  const reach = { month: 1_200, quarter: 400, year: 100 }[unit];
  for (let offset = -reach; offset <= reach; offset += 1) {
    const span = fiscalSpan(calendar, unit, today, offset);
    if (span?.label === label) return span.from;
  }
  return undefined;
}

const monthsIn = { month: 1, quarter: 3, year: 12 } as const;

function standardStart(startMonth: number, unit: FiscalUnit, day: Day): Day {
  const shift = startMonth - 1;
  return addMonths(startOf(addMonths(startOf(day, 'month'), -shift), unit), shift);
}

function standardLabel({ startMonth, namedByStart }: { startMonth: number; namedByStart: boolean }, unit: FiscalUnit, from: Day): string {
  const yearFrom = standardStart(startMonth, 'year', from);
  const year = `FY${String(parts(namedByStart ? yearFrom : addDays(addMonths(yearFrom, 12), -1)).year % 100).padStart(2, '0')}`;
  const month = (parts(from).month - (startMonth - 1) + 12) % 12;
  if (unit === 'year') return year;
  return unit === 'quarter' ? `${year} Q${month / 3 + 1}` : `${year} M${String(month + 1).padStart(2, '0')}`;
}

/** A row of Salesforce's Period object; `until` is the day after its EndDate. */
export interface PeriodRow {
  readonly type: string;
  readonly from: Day;
  readonly until: Day;
  readonly number: number | null;
}

/** What Organization says of the fiscal year; null where it is not copied. */
export interface FiscalSettings {
  readonly startMonth: number | null;
  readonly namedByStart: boolean | null;
}

/** Period rows when there are any, else the Organization's standard year, else the calendar year. */
export function fiscalCalendarOf(rows: readonly PeriodRow[], settings: FiscalSettings): FiscalCalendar {
  const namedByStart = settings.namedByStart ?? false;
  const years = spansOf(rows, 'Year');
  const quarters = spansOf(rows, 'Quarter');
  const first = years[0];
  if (first === undefined || quarters.length === 0) {
    return settings.startMonth === null ? calendarYear : { kind: 'standard', startMonth: settings.startMonth, namedByStart, source: 'organization' };
  }
  // Rows that follow the standard year say nothing new, and the rule also covers days for which there are no rows.
  const standard = { kind: 'standard', startMonth: parts(first.from).month + 1, namedByStart, source: 'period' } as const;
  if (agrees(standard, 'year', years) && agrees(standard, 'quarter', quarters)) return standard;
  return periodCalendar(years, quarters, spansOf(rows, 'Month'), namedByStart);
}

type Span = Omit<FiscalSpan, 'label'> & { readonly number: number | null };

function spansOf(rows: readonly PeriodRow[], type: string): readonly Span[] {
  const byStart = new Map(rows.filter((row) => row.type === type).map((row) => [row.from, row]));
  return [...byStart.values()].sort((left, right) => (left.from < right.from ? -1 : 1));
}

function agrees(calendar: FiscalCalendar, unit: FiscalUnit, spans: readonly Span[]): boolean {
  return spans.every(({ from, until }) => {
    const span = fiscalSpan(calendar, unit, from);
    return span?.from === from && span.until === until;
  });
}

function periodCalendar(years: readonly Span[], quarters: readonly Span[], months: readonly Span[], namedByStart: boolean): FiscalCalendar {
  const yearOf = (day: Day): Span | undefined => years.find(({ from, until }) => from <= day && day < until);
  const name = (day: Day): string => {
    const year = yearOf(day);
    const named = year === undefined ? day : namedByStart ? year.from : addDays(year.until, -1);
    return `FY${named.slice(2, 4)}`;
  };
  const within = (spans: readonly Span[], letter: string, width: number) => spans.map((span): FiscalSpan => {
    const siblings = spans.filter(({ from }) => yearOf(from) === yearOf(span.from));
    const number = span.number ?? siblings.indexOf(span) + 1;
    return { from: span.from, until: span.until, label: `${name(span.from)} ${letter}${String(number).padStart(width, '0')}` };
  });
  return {
    kind: 'periods', source: 'period',
    year: years.map(({ from, until }) => ({ from, until, label: name(from) })),
    quarter: within(quarters, 'Q', 1),
    month: within(months.length > 0 ? months : calendarMonths(years), 'M', 2),
  };
}

function calendarMonths(years: readonly Span[]): readonly Span[] {
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) return [];
  const months: Span[] = [];
  for (let from = dayOf(parts(first.from).year, parts(first.from).month, 1); from < last.until; from = addMonths(from, 1)) months.push({ from, until: addMonths(from, 1), number: null });
  return months;
}
