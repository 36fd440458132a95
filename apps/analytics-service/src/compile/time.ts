import type { TimeGrain } from '@tributary/api-contracts';
import type { FiscalCalendar, FiscalSpan, FiscalUnit } from '../calendar/fiscal-year.ts';
import type { Zone } from '../calendar/zone.ts';
import { columnOf, type FieldRef, type Plan } from '../question/plan.ts';
import type { Metric } from '../metric/metric.ts';
import { quoted, type Dialect } from './dialect.ts';

/** The local day of a UTC timestamp, by the zone's own table. */
export function localDay(utc: string, zone: Zone): string {
  const [first, ...later] = zone.offsets;
  if (first === undefined || (later.length === 0 && first.offsetSeconds === 0)) return `CAST(${utc} AS date)`;
  const branches = later.toReversed().map(({ fromMs, offsetSeconds }) => `WHEN ${utc} >= TIMESTAMP '${new Date(fromMs).toISOString().slice(0, 19).replace('T', ' ')}' THEN ${seconds(offsetSeconds)}`);
  const offset = branches.length === 0 ? seconds(first.offsetSeconds) : `CASE ${branches.join(' ')} ELSE ${seconds(first.offsetSeconds)} END`;
  return `CAST(${utc} + ${offset} AS date)`;
}

function seconds(n: number): string {
  return `INTERVAL '${n} seconds'`;
}

/** The day of a metric's time field: a date as it is, a datetime as its local day. */
export function timeDay(plan: Plan, timeField: Metric['timeField'], dialect: Dialect): string {
  const field = columnOf(plan, timeField);
  return dayOf({ source: 'opportunity', field }, plan, dialect);
}

/** A date or datetime column as a day. */
export function dayOf(ref: FieldRef, plan: Plan, dialect: Dialect): string {
  const column = columnSql(ref);
  return ref.field.columnType === 'timestamptz' ? localDay(dialect.utc(column), plan.zone) : column;
}

const aliases = { opportunity: 'o', account: 'a', owner: 'u' } as const;

/** A column of the catalogue with its table's alias. */
export function columnSql({ source, field }: FieldRef): string {
  return `${aliases[source]}.${quoted(field.column)}`;
}

/** First day of the bucket that contains the day; null where the fiscal calendar does not reach. */
export function bucketStart(grain: TimeGrain, day: string, fiscal: FiscalCalendar): string {
  switch (grain) {
    case 'day':
      return day;
    case 'week':
    case 'month':
    case 'quarter':
    case 'year':
      return `CAST(date_trunc('${grain}', CAST(${day} AS timestamp)) AS date)`;
    case 'fiscal_month':
      return fiscalStart('month', day, fiscal);
    case 'fiscal_quarter':
      return fiscalStart('quarter', day, fiscal);
    case 'fiscal_year':
      return fiscalStart('year', day, fiscal);
    default:
      return grain satisfies never;
  }
}

function fiscalStart(unit: FiscalUnit, day: string, fiscal: FiscalCalendar): string {
  if (fiscal.kind === 'periods') return startAmong(fiscal[unit], day);
  const months = fiscal.startMonth - 1;
  if (unit === 'month' || months === 0) return `CAST(date_trunc('${unit}', CAST(${day} AS timestamp)) AS date)`;
  return `CAST(date_trunc('${unit}', date_trunc('month', CAST(${day} AS timestamp)) - INTERVAL '${months} months') + INTERVAL '${months} months' AS date)`;
}

function startAmong(spans: readonly FiscalSpan[], day: string): string {
  const branches = spans.toReversed().map(({ from, until }) => `WHEN ${day} >= DATE '${until}' THEN NULL WHEN ${day} >= DATE '${from}' THEN DATE '${from}'`);
  return branches.length === 0 ? 'CAST(NULL AS date)' : `CASE ${branches.join(' ')} ELSE NULL END`;
}
