import type { AnalyticsQuery, QueryAnswer, QueryColumn, QueryRow } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { readsAmount, type Metric } from '../metric/metric.ts';
import type { Dimension, Plan } from '../question/plan.ts';
import { drillToken, type Drill } from '../records/drill.ts';
import { dimensionLabel, dimensionValue, hasLabel } from './dimension-cell.ts';
import { compareMetric, finishMetric, type EngineRow } from './finish-metric.ts';
import { ordersInSql } from '../compile/compile-query.ts';

/** Rows of the engine: the groups, and the one row over everything when it was asked for. */
export interface EngineResults {
  readonly groups: readonly EngineRow[];
  readonly total: EngineRow | undefined;
}

/** Columns, rows and totals of an answer. @throws InvalidInput `query.mixed_currency` */
export function composeRows(query: AnalyticsQuery, plan: Plan, { groups, total }: EngineResults, orgCurrency: string | null): Pick<QueryAnswer, 'columns' | 'rows' | 'totals' | 'truncated'> {
  const { code, isMixed } = currencyOf(plan, groups[0] ?? total, orgCurrency);
  const sorted = ordersInSql(plan) ? groups : sortRows(groups, plan);
  return {
    columns: [...plan.dimensions.map(dimensionColumn), ...plan.metrics.map((metric) => metricColumn(metric, plan, code))],
    rows: sorted.slice(0, plan.limit).map((row) => answerRow(row, query, plan)),
    ...(total === undefined ? {} : { totals: totalRow(total, query, plan, isMixed) }),
    truncated: sorted.length > plan.limit,
  };
}

/** One code when all money has it; mixed when each row has its own. */
function currencyOf(plan: Plan, row: EngineRow | undefined, orgCurrency: string | null): { readonly code: string | null; readonly isMixed: boolean } {
  const [low, high] = [row?.['currency_low'] ?? null, row?.['currency_high'] ?? null];
  if (low === high) return { code: low ?? orgCurrency, isMixed: false };
  const grouped = plan.dimensions.some((dimension) => dimension.kind === 'field' && dimension.ref.source === 'opportunity' && dimension.ref.field.name.toLowerCase() === 'currencyisocode');
  if (grouped) return { code: null, isMixed: true };
  throw new InvalidInput('query.mixed_currency', `The amounts are in several currencies, such as ${low} and ${high}: they cannot be added.`, {
    action: 'Group by currency, or filter for one currency.', details: { currencies: [low, high] },
  });
}

function sortRows(rows: readonly EngineRow[], { order, metrics }: Plan): readonly EngineRow[] {
  return rows.toSorted((left, right) => {
    for (const { by, index, dir, ...rest } of order) {
      const metric = metrics[index];
      const difference = by === 'metric' && metric !== undefined && 'part' in rest ? compareMetric(metric, index, left, right, dir) : compareText(left[`d${index}`] ?? null, right[`d${index}`] ?? null, dir);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function compareText(left: string | null, right: string | null, dir: 'asc' | 'desc'): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = left < right ? -1 : left > right ? 1 : 0;
  return dir === 'asc' ? order : -order;
}

function dimensionColumn(dimension: Dimension): QueryColumn {
  const labelKey = hasLabel(dimension) ? { labelKey: `${dimension.key}.label` } : {};
  if (dimension.kind === 'time') return { key: dimension.key, label: dimension.label, kind: 'time', type: 'date', ...labelKey };
  const { columnType } = dimension.ref.field;
  const type = dimension.people !== null ? 'id' : columnType === 'numeric' ? 'decimal' : columnType === 'bigint' ? 'integer' : columnType === 'date' || columnType === 'timestamptz' ? 'date' : 'text';
  return { key: dimension.key, label: dimension.label, kind: 'dimension', type, ...labelKey };
}

function metricColumn({ id, label, unit, measure }: Metric, { moneyScale }: Plan, currency: string | null): QueryColumn {
  const scale = { money: moneyScale, count: 0, ratio: 6, days: 1 }[unit];
  return {
    key: id, label, kind: 'metric', type: unit === 'count' ? 'integer' : 'decimal', unit, scale, additive: measure.kind === 'count' || measure.kind === 'sum',
    ...(unit === 'money' ? { currency } : {}),
    ...(measure.kind === 'ratio' ? { numeratorKey: `${id}.n`, denominatorKey: `${id}.d` } : {}),
  };
}

function answerRow(row: EngineRow, query: AnalyticsQuery, plan: Plan): QueryRow {
  const values = plan.dimensions.map((dimension, index) => [dimension.key, dimensionValue(dimension, row[`d${index}`] ?? null)] as const);
  const labels = plan.dimensions.flatMap((dimension, index) => (hasLabel(dimension) ? [[`${dimension.key}.label`, dimensionLabel(dimension, index, row, plan)] as const] : []));
  return { ...Object.fromEntries(values), ...Object.fromEntries(labels), ...cells(row, plan, false), ...drillOf(query, plan, Object.fromEntries(values)) };
}

function totalRow(row: EngineRow, query: AnalyticsQuery, plan: Plan, mixed: boolean): QueryRow {
  return { ...cells(row, plan, mixed), ...drillOf(query, plan, undefined) };
}

function cells(row: EngineRow, plan: Plan, mixed: boolean): QueryRow {
  const shown: Record<string, string | null> = {};
  const why: Record<string, string> = {};
  for (const [index, metric] of plan.metrics.entries()) {
    const cell = mixed && readsAmount(metric) ? { value: null, parts: {}, why: 'mixed_currency' } : finishMetric(metric, index, row, plan.moneyScale);
    shown[metric.id] = cell.value;
    for (const [name, value] of Object.entries(cell.parts)) shown[`${metric.id}.${name}`] = value;
    if (cell.why !== null) why[metric.id] = cell.why;
  }
  return Object.keys(why).length === 0 ? shown : { ...shown, _why: why };
}

function drillOf(query: AnalyticsQuery, plan: Plan, cell: Drill['c']): QueryRow {
  const token = drillToken({
    m: plan.metrics.map(({ id }) => id),
    ...(query.filters.length === 0 ? {} : { f: query.filters }),
    ...(plan.period === null ? {} : { p: { from: plan.period.from, until: plan.period.until } }),
    t: plan.today,
    ...(query.timeGrain === undefined ? {} : { g: query.timeGrain }),
    ...(cell === undefined || Object.keys(cell).length === 0 ? {} : { c: cell }),
  });
  return token === undefined ? {} : { _drill: token };
}

/** The definitions behind the columns. */
export function definitionsOf(plan: Plan): QueryAnswer['definitions'] {
  return Object.fromEntries(plan.metrics.map(({ id, version, label, text, formula, timeField }) => [id, { version, label, text, formula, timeField: `Opportunity.${timeField}` }]));
}

