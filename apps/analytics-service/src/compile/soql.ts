import { addDays } from '../calendar/dates.ts';
import { fiscalSpan, type FiscalUnit } from '../calendar/fiscal-year.ts';
import { startOfDay } from '../calendar/zone.ts';
import type { Aggregate, Metric, Term } from '../metric/metric.ts';
import { all, withAmount, type Predicate } from '../metric/predicate.ts';
import { hopFields } from '../question/dimensions.ts';
import { columnOf, type FieldRef, type Plan, type Test } from '../question/plan.ts';

/** Statements a person can paste into Salesforce to check the total of each metric. */
export function soqlOf(plan: Plan): readonly string[] {
  return [...new Set(plan.metrics.flatMap((metric) => aggregatesOf(metric).map((aggregate) => statement(aggregate, metric, plan))))];
}

function aggregatesOf({ measure }: Metric): readonly Aggregate[] {
  switch (measure.kind) {
    case 'count':
      return [{ fn: 'count', where: measure.where }];
    case 'sum':
      return [{ fn: 'sum', term: measure.term, where: measure.where }];
    case 'ratio':
      return [measure.numerator, measure.denominator];
    case 'median':
      // SOQL has no median: the number of deals behind it can be checked.
      return [{ fn: 'count', where: measure.term.of === 'amount' ? all(measure.where, withAmount) : measure.where }];
    default:
      return measure satisfies never;
  }
}

function statement(aggregate: Aggregate, { timeField }: Metric, plan: Plan): string {
  const conditions = [...predicateSoql(aggregate.where, plan), ...periodSoql(timeField, plan), ...plan.tests.map((test) => testSoql(test, timeField, plan))];
  const where = [...new Set(conditions)].join(' AND ');
  return `SELECT ${aggregate.fn === 'count' ? 'COUNT()' : `SUM(${summed(aggregate.term, plan)})`} FROM Opportunity${where === '' ? '' : ` WHERE ${where}`}`;
}

/** Salesforce keeps Amount × Probability ÷ 100 as ExpectedRevenue. */
function summed(term: Term, plan: Plan): string {
  return term.of === 'amount_times_probability' ? 'ExpectedRevenue' : columnOf(plan, 'Amount').name;
}

function predicateSoql(predicate: Predicate, plan: Plan): readonly string[] {
  switch (predicate.is) {
    case 'all':
      return predicate.of.flatMap((part) => predicateSoql(part, plan));
    case 'true':
      return [`${predicate.field} = true`];
    case 'not_true':
      return [`${predicate.field} = false`];
    case 'differs':
      return [`${predicate.field} != ${text(predicate.value)}`];
    case 'before_today':
      return [`${predicate.field} < ${plan.today}`];
    case 'present':
      return [`${predicate.field} != null`];
    default:
      return predicate satisfies never;
  }
}

function periodSoql(timeField: Metric['timeField'], plan: Plan): readonly string[] {
  return plan.period === null ? [] : rangeSoql(timeField, plan.period, plan);
}

function rangeSoql(timeField: Metric['timeField'], { from, until }: { readonly from: string; readonly until: string }, plan: Plan): readonly string[] {
  const literal = (day: string): string => (columnOf(plan, timeField).columnType === 'timestamptz' ? `${startOfDay(day, plan.zone).toISOString().slice(0, 19)}Z` : day);
  return [`${timeField} >= ${literal(from)}`, `${timeField} < ${literal(until)}`];
}

function testSoql(test: Test, timeField: Metric['timeField'], plan: Plan): string {
  switch (test.is) {
    case 'all':
    case 'any':
      return `(${test.of.map((part) => testSoql(part, timeField, plan)).join(test.is === 'all' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${testSoql(test.of, timeField, plan)})`;
    case 'empty':
      return `${path(test.ref)} = null`;
    case 'compare':
      return `${path(test.ref)} ${operators[test.op]} ${literalOf(test.ref, test.value)}`;
    case 'among':
      return test.values.length === 0 ? 'Id = null' : `${path(test.ref)} IN (${test.values.map((value) => literalOf(test.ref, value)).join(', ')})`;
    case 'text':
      return `${path(test.ref)} LIKE ${text(`${test.op === 'contains' ? '%' : ''}${test.value.replace(/[%_]/g, '\\$&')}%`)}`;
    case 'bucket':
      return bucketSoql(test, timeField, plan);
    default:
      return test satisfies never;
  }
}

const operators = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function bucketSoql(test: Extract<Test, { is: 'bucket' }>, timeField: Metric['timeField'], plan: Plan): string {
  const unit: FiscalUnit = test.grain === 'fiscal_quarter' ? 'quarter' : test.grain === 'fiscal_month' ? 'month' : 'year';
  const span = test.from === null ? undefined : fiscalSpan(plan.fiscal, unit, test.from) ?? { from: test.from, until: addDays(test.from, 1) };
  return span === undefined ? `${timeField} = null` : `(${rangeSoql(timeField, span, plan).join(' AND ')})`;
}

function path({ source, field }: FieldRef): string {
  return source === 'opportunity' ? field.name : `${hopFields[source].slice(0, -2)}.${field.name}`;
}

function literalOf({ field }: FieldRef, value: string): string {
  if (field.columnType === 'text' || field.columnType === 'time') return text(value);
  return field.columnType === 'timestamptz' ? `${value.slice(0, 19)}Z` : value;
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
