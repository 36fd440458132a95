import { startOfDay } from '../calendar/zone.ts';
import type { Metric, Term } from '../metric/metric.ts';
import type { Predicate } from '../metric/predicate.ts';
import { columnOf, type FieldRef, type Plan, type Test } from '../question/plan.ts';
import type { Bindings } from './bindings.ts';
import { quoted, type Dialect } from './dialect.ts';
import { bucketStart, columnSql, localDay, timeDay } from './time.ts';

/** What conditions are compiled with. */
export interface Scope {
  readonly plan: Plan;
  readonly dialect: Dialect;
  readonly bindings: Bindings;
}

/** A metric's condition as SQL. */
export function predicateSql(predicate: Predicate, scope: Scope): string {
  if (predicate.is === 'all') return predicate.of.length === 0 ? 'TRUE' : `(${predicate.of.map((part) => predicateSql(part, scope)).join(' AND ')})`;
  const column = `o.${quoted(columnOf(scope.plan, predicate.field).column)}`;
  switch (predicate.is) {
    case 'true':
      return `(${column} IS TRUE)`;
    case 'not_true':
      return `(${column} IS NOT TRUE)`;
    case 'differs':
      return `(${column} IS DISTINCT FROM ${scope.bindings.bind(predicate.value, 'text')})`;
    case 'before_today':
      return `(${column} < ${scope.bindings.bind(scope.plan.today, 'date')})`;
    case 'present':
      return `(${column} IS NOT NULL)`;
    default:
      return predicate satisfies never;
  }
}

/** A filter as SQL that is true or false, never unknown: a negation then also holds for empty fields. */
export function testSql(test: Test, timeField: Metric['timeField'], scope: Scope): string {
  const { plan, dialect, bindings } = scope;
  switch (test.is) {
    case 'all':
    case 'any':
      return `(${test.of.map((part) => testSql(part, timeField, scope)).join(test.is === 'all' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${testSql(test.of, timeField, scope)})`;
    case 'empty':
      return `(${columnSql(test.ref)} IS NULL)`;
    case 'compare':
      return `((${comparable(test.ref, dialect)} ${comparisons[test.op]} ${valueSql(test.ref, test.value, scope)}) IS TRUE)`;
    case 'among':
      return test.values.length === 0 ? 'FALSE' : `((${comparable(test.ref, dialect)} IN (${test.values.map((value) => valueSql(test.ref, value, scope)).join(', ')})) IS TRUE)`;
    case 'text':
      return `((strpos(${columnSql(test.ref)}, ${bindings.bind(test.value, 'text')}) ${test.op === 'contains' ? '> 0' : '= 1'}) IS TRUE)`;
    case 'bucket': {
      const start = bucketStart(test.grain, timeDay(plan, timeField, dialect), plan.fiscal);
      return test.from === null ? `(${start} IS NULL)` : `((${start} = ${bindings.bind(test.from, 'date')}) IS TRUE)`;
    }
    default:
      return test satisfies never;
  }
}

const comparisons = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function comparable(ref: FieldRef, dialect: Dialect): string {
  const column = columnSql(ref);
  if (ref.field.columnType === 'timestamptz') return dialect.utc(column);
  return ref.field.columnType === 'text' ? dialect.binary(column) : timeOfDay(ref, column);
}

/** The copy keeps times of day as text. */
function timeOfDay(ref: FieldRef, column: string): string {
  return ref.field.columnType === 'time' ? `CAST(${column} AS text)` : column;
}

/** A bound value of a column's type. */
export function valueSql({ field }: FieldRef, value: string, { dialect, bindings }: Scope): string {
  switch (field.columnType) {
    case 'text':
    case 'time':
      return bindings.bind(value, 'text');
    case 'boolean':
    case 'date':
      return bindings.bind(value, field.columnType);
    case 'bigint':
    case 'numeric':
      return bindings.bind(value, dialect.number(value.split('.')[1]?.length ?? 0));
    case 'timestamptz':
      return bindings.bind(value.replace('T', ' ').replace('Z', ''), 'timestamp');
    default:
      return field.columnType satisfies never;
  }
}

/** The metric's time field lies in the period. */
export function periodSql(timeField: Metric['timeField'], { plan, dialect, bindings }: Scope): readonly string[] {
  const { period } = plan;
  if (period === null) return [];
  const field = columnOf(plan, timeField);
  const column = columnSql({ source: 'opportunity', field });
  if (field.columnType !== 'timestamptz') return [`${column} >= ${bindings.bind(period.from, 'date')}`, `${column} < ${bindings.bind(period.until, 'date')}`];
  const instant = (day: string): string => bindings.bind(startOfDay(day, plan.zone).toISOString().replace('T', ' ').replace('Z', ''), 'timestamp');
  return [`${dialect.utc(column)} >= ${instant(period.from)}`, `${dialect.utc(column)} < ${instant(period.until)}`];
}

/** What a measure sums or orders, per deal. */
export function termSql(term: Term, { plan, dialect }: Scope): string {
  const column = (name: string): string => `o.${quoted(columnOf(plan, name).column)}`;
  switch (term.of) {
    case 'amount':
      return column('Amount');
    case 'amount_times_probability':
      return `${column('Amount')} * ${column('Probability')}`;
    case 'days_from_created_to_close':
      return `(${column('CloseDate')} - ${localDay(dialect.utc(column('CreatedDate')), plan.zone)})`;
    default:
      return term satisfies never;
  }
}
