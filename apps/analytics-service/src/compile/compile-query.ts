import { conditionsOf, readsAmount, type Aggregate, type Metric } from '../metric/metric.ts';
import { all, withAmount, type Predicate } from '../metric/predicate.ts';
import { hopFields } from '../question/dimensions.ts';
import { columnOf, sourcesOf, type Dimension, type Order, type Plan } from '../question/plan.ts';
import { newBindings } from './bindings.ts';
import { periodSql, predicateSql, termSql, testSql, type Scope } from './conditions.ts';
import { quoted, type Dialect } from './dialect.ts';
import { bucketStart, columnSql, dayOf, timeDay } from './time.ts';

/** SQL with its bound values; every column of the result is a text or null, under the names of `columns`. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly string[];
  readonly columns: readonly string[];
}

/** Names of result columns: `d0` dimension, `l0` its label, `x0` whether a person is active, `m0_n` a metric's part. */
export type MetricPart = 'value' | 'n' | 'd' | 'low' | 'high';

interface Part {
  readonly name: string;
  readonly sql: string;
}

/** Groups read at most when the order needs a division. */
export const maxGroups = 100_000;

/**
 * The question as one statement. Metrics with different time fields are aggregated apart and meet on the dimensions, null with null.
 * @param shape `groups`: a row per group, one more than the limit to see a cut, or `maxGroups` when the order needs a division; `total`: one row over everything
 */
export function compileQuery(plan: Plan, dialect: Dialect, shape: 'groups' | 'total'): Statement {
  const scope: Scope = { plan, dialect, bindings: newBindings() };
  const dimensions = shape === 'total' ? [] : plan.dimensions;
  const parts = allParts(plan);
  const timeFields = [...new Set(plan.metrics.map(({ timeField }) => timeField))];
  const selects = timeFields.map((timeField) => factSelect(timeField, dimensions, parts, scope));
  const keys = dimensions.map((_, index) => `d${index}`);
  const united = selects.length === 1 ? (selects[0] ?? '') : `SELECT ${[...keys, ...parts.map((part) => `${merged(part)} AS ${part}`)].join(', ')} FROM (${selects.join(' UNION ALL ')}) f${groupBy(keys.length)}`;
  const outer = [...dimensions.flatMap((dimension, index) => dimensionColumns(dimension, index, plan)), ...parts.map((part) => ({ name: part, sql: `CAST(${overall(part, dimensions.length > 0)} AS text)` }))];
  const tail = dimensions.length === 0 ? '' : ` ORDER BY ${orderSql(plan, scope).join(', ')} LIMIT ${ordersInSql(plan) ? plan.limit + 1 : maxGroups + 1}`;
  const sql = `WITH g AS (${united}) SELECT ${outer.map(({ name, sql: expression }) => `${expression} AS ${name}`).join(', ')} FROM g${dimensions.map((dimension, index) => labelJoin(dimension, index, scope)).join('')}${tail}`;
  return { sql, values: scope.bindings.values, columns: outer.map(({ name }) => name) };
}

/** Whether the engine can order: what needs a division is ordered afterwards, exactly. */
export function ordersInSql(plan: Plan): boolean {
  return plan.order.every((order) => order.by === 'dimension' || order.part !== 'value' || isSimple(plan.metrics[order.index]));
}

function isSimple(metric: Metric | undefined): boolean {
  return metric?.measure.kind === 'count' || metric?.measure.kind === 'sum';
}

/** Counts and currencies beside the metrics: what the notes of the coverage tell. */
const noteParts = ['amount_missing', 'amount_not_positive', 'currency_low', 'currency_high'] as const;

function allParts(plan: Plan): readonly string[] {
  return [...plan.metrics.flatMap((metric, index) => metricParts(metric).map((part) => `m${index}_${part}`)), ...noteParts.filter((part) => plan.metrics.some((metric) => notes(part, metric, plan)))];
}

function metricParts({ measure }: Metric): readonly MetricPart[] {
  if (measure.kind === 'ratio') return ['n', 'd'];
  return measure.kind === 'median' ? ['low', 'high', 'n'] : ['value'];
}

function notes(part: (typeof noteParts)[number], metric: Metric, plan: Plan): boolean {
  if (part === 'amount_not_positive') return metric.id.startsWith('win_rate.') && plan.opportunity.has('amount');
  if (part === 'amount_missing') return readsAmount(metric);
  return readsAmount(metric) && plan.opportunity.has('currencyisocode');
}

function factSelect(timeField: Metric['timeField'], dimensions: readonly Dimension[], parts: readonly string[], scope: Scope): string {
  const { plan, dialect } = scope;
  const metrics = plan.metrics.map((metric, index) => ({ metric, index })).filter(({ metric }) => metric.timeField === timeField);
  const computed = new Map([...metrics.flatMap(({ metric, index }) => metricColumns(metric, index, scope)), ...noteColumns(metrics.map(({ metric }) => metric), scope)].map(({ name, sql }) => [name, sql]));
  const keys = dimensions.map((dimension, index) => `${dimensionSql(dimension, timeField, scope)} AS d${index}`);
  const columns = [...keys, ...parts.map((part) => `${computed.get(part) ?? 'NULL'} AS ${part}`)];
  const conditions = [...liveRows(scope), ...periodSql(timeField, scope), ...plan.tests.map((test) => testSql(test, timeField, scope)), anyOf(metrics.map(({ metric }) => metric.presence), scope)];
  return `SELECT ${columns.join(', ')} FROM ${fromSql(plan, dialect)} WHERE ${conditions.join(' AND ')}${groupBy(keys.length)}`;
}

/** Deals with the tables one hop away that are read; to-one joins only, so that no row is counted twice. */
export function fromSql(plan: Plan, dialect: Dialect): string {
  const sources = sourcesOf(plan);
  const hop = (alias: string, table: string, reference: string): string => ` LEFT JOIN ${dialect.table(table)} ${alias} ON ${alias}."id" = o.${quoted(columnOf(plan, reference).column)}`;
  const { account, user, opportunity } = plan.tables;
  return [
    `${dialect.table(opportunity)} o`,
    ...(sources.has('account') && account !== null ? [hop('a', account.table, hopFields.account)] : []),
    ...(sources.has('owner') && user !== null ? [hop('u', user.table, hopFields.owner)] : []),
  ].join('');
}

/** Rows that are not deleted, here or at Salesforce. */
export function liveRows({ plan }: Scope): readonly string[] {
  const isDeleted = plan.opportunity.get('isdeleted');
  return ['NOT o."_deleted"', ...(isDeleted === undefined ? [] : [`o.${quoted(isDeleted.column)} IS NOT TRUE`])];
}

/** At least one of the conditions holds. */
export function anyOf(predicates: readonly Predicate[], scope: Scope): string {
  const conditions = [...new Set(predicates.map((predicate) => predicateSql(predicate, scope)))];
  return conditions.includes('TRUE') ? 'TRUE' : `(${conditions.join(' OR ')})`;
}

function metricColumns({ measure }: Metric, index: number, scope: Scope): readonly Part[] {
  const named = (part: MetricPart, sql: string): Part => ({ name: `m${index}_${part}`, sql });
  switch (measure.kind) {
    case 'count':
      return [named('value', aggregateSql({ fn: 'count', where: measure.where }, scope))];
    case 'sum':
      return [named('value', aggregateSql({ fn: 'sum', term: measure.term, where: measure.where }, scope))];
    case 'ratio':
      return [named('n', aggregateSql(measure.numerator, scope)), named('d', aggregateSql(measure.denominator, scope))];
    case 'median': {
      const term = termSql(measure.term, scope);
      const where = predicateSql(measure.where, scope);
      const middle = (dir: string): string => `percentile_disc(0.5) WITHIN GROUP (ORDER BY ${term} ${dir}) FILTER (WHERE ${where} AND ${term} IS NOT NULL)`;
      return [named('low', middle('ASC')), named('high', middle('DESC')), named('n', `count(*) FILTER (WHERE ${where} AND ${term} IS NOT NULL)`)];
    }
    default:
      return measure satisfies never;
  }
}

/** A count or sum as SQL. */
export function aggregateSql(aggregate: Aggregate, scope: Scope): string {
  const where = predicateSql(aggregate.where, scope);
  return `${aggregate.fn === 'count' ? 'count(*)' : `sum(${termSql(aggregate.term, scope)})`} FILTER (WHERE ${where})`;
}

function noteColumns(metrics: readonly Metric[], scope: Scope): readonly Part[] {
  const { plan } = scope;
  const money = metrics.filter(readsAmount).flatMap(({ measure }) => conditionsOf(measure));
  const rates = metrics.filter((metric) => notes('amount_not_positive', metric, plan)).flatMap(({ measure }) => conditionsOf(measure));
  const columns: Part[] = [];
  if (money.length > 0) {
    columns.push({ name: 'amount_missing', sql: `count(*) FILTER (WHERE ${anyOf(money.map((where) => withoutAmountTest(where)), scope)} AND ${amount(plan)} IS NULL)` });
    const currency = plan.opportunity.get('currencyisocode');
    const where = anyOf(money.map((condition) => all(condition, withAmount)), scope);
    if (currency !== undefined) columns.push(...(['low', 'high'] as const).map((end) => ({ name: `currency_${end}`, sql: `${end === 'low' ? 'min' : 'max'}(o.${quoted(currency.column)}) FILTER (WHERE ${where})` })));
  }
  if (rates.length > 0) columns.push({ name: 'amount_not_positive', sql: `count(*) FILTER (WHERE ${anyOf(rates, scope)} AND ${amount(plan)} <= 0)` });
  return columns;
}

function amount(plan: Plan): string {
  return `o.${quoted(columnOf(plan, 'Amount').column)}`;
}

/** A condition that leaves deals without amount out says nothing about how many were left out. */
function withoutAmountTest(predicate: Predicate): Predicate {
  return predicate.is === 'all' ? { is: 'all', of: predicate.of.filter((part) => part.is !== 'present').map(withoutAmountTest) } : predicate;
}

/** The value of a dimension, typed. */
export function dimensionSql(dimension: Dimension, timeField: Metric['timeField'], { plan, dialect }: Scope): string {
  if (dimension.kind === 'time') return bucketStart(dimension.grain, timeDay(plan, timeField, dialect), plan.fiscal);
  return dimension.ref.field.columnType === 'timestamptz' ? dayOf(dimension.ref, plan, dialect) : columnSql(dimension.ref);
}

function dimensionColumns(dimension: Dimension, index: number, { tables }: Plan): readonly Part[] {
  const value = { name: `d${index}`, sql: `CAST(g.d${index} AS text)` };
  if (dimension.kind !== 'field' || dimension.people === null) return [value];
  const name = dimension.people === 'owner' ? tables.user?.name : tables.account?.name;
  const isActive = dimension.people === 'owner' ? tables.user?.isActive : null;
  return [value, ...(name == null ? [] : [{ name: `l${index}`, sql: `l${index}.${quoted(name.column)}` }]), ...(name == null || isActive == null ? [] : [{ name: `x${index}`, sql: `CAST(l${index}.${quoted(isActive.column)} AS text)` }])];
}

function labelJoin(dimension: Dimension, index: number, { plan: { tables }, dialect }: Scope): string {
  if (dimension.kind !== 'field') return '';
  const { stage } = tables;
  if (dimension.order === 'stage' && stage !== null) {
    return ` LEFT JOIN (SELECT ${quoted(stage.apiName.column)} AS name, min(${quoted(stage.sortOrder.column)}) AS place FROM ${dialect.table(stage.table)} WHERE NOT "_deleted" GROUP BY 1) l${index} ON l${index}.name = g.d${index}`;
  }
  const people = dimension.people === 'owner' ? tables.user : dimension.people === 'account' ? tables.account : null;
  return people === null || people.name === null ? '' : ` LEFT JOIN ${dialect.table(people.table)} l${index} ON l${index}."id" = g.d${index}`;
}

const categoryOrder = ['Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed', 'Omitted'];

function orderSql(plan: Plan, scope: Scope): readonly string[] {
  const asked = ordersInSql(plan) ? plan.order : [];
  const given = asked.flatMap((order) => (order.by === 'dimension' ? dimensionOrder(plan.dimensions[order.index], order.index, order.dir, scope) : [metricOrder(order, plan)]));
  return [...given, ...plan.dimensions.flatMap((dimension, index) => dimensionOrder(dimension, index, 'asc', scope))];
}

function metricOrder({ index, part, dir }: Extract<Order, { by: 'metric' }>, plan: Plan): string {
  const column = `m${index}_${plan.metrics[index]?.measure.kind === 'ratio' ? part : 'value'}`;
  return `coalesce(g.${column}, 0) ${dir}`;
}

/** People's order (process, name), then the value itself, so that the order is the same everywhere. */
function dimensionOrder(dimension: Dimension | undefined, index: number, dir: 'asc' | 'desc', { plan: { tables }, dialect }: Scope): readonly string[] {
  if (dimension === undefined) return [];
  const end = `${dir} NULLS LAST`;
  if (dimension.kind === 'time') return [`g.d${index} ${end}`];
  const isText = dimension.ref.field.columnType === 'text';
  const value = `${isText ? dialect.binary(`g.d${index}`) : `g.d${index}`} ${end}`;
  if (dimension.order === 'stage' && tables.stage !== null) return [`l${index}.place ${end}`, value];
  if (dimension.order === 'forecast_category') return [`CASE g.d${index} ${categoryOrder.map((name, place) => `WHEN '${name}' THEN ${place}`).join(' ')} ELSE ${categoryOrder.length} END ${end}`, value];
  const name = dimension.people === 'owner' ? tables.user?.name : dimension.people === 'account' ? tables.account?.name : null;
  return name == null ? [value] : [`${dialect.binary(`l${index}.${quoted(name.column)}`)} ${end}`, value];
}

/** How a part of several time fields becomes one: only one of them has it, except for the notes. */
function merged(part: string): string {
  if (part.startsWith('amount_')) return `sum(${part})`;
  return part === 'currency_low' ? `min(${part})` : `max(${part})`;
}

/** Notes are told for the whole answer, also of groups behind the limit. */
function overall(part: string, grouped: boolean): string {
  const column = `g.${part}`;
  if (!grouped) return column;
  if (part.startsWith('amount_')) return `sum(${column}) OVER ()`;
  return part === 'currency_low' ? `min(${column}) OVER ()` : part === 'currency_high' ? `max(${column}) OVER ()` : column;
}

function groupBy(keys: number): string {
  return keys === 0 ? '' : ` GROUP BY ${Array.from({ length: keys }, (_, index) => index + 1).join(', ')}`;
}
