import type { AnalyticsQuery } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { localDay } from '../calendar/zone.ts';
import { resolvePeriod } from '../calendar/period.ts';
import { metricOf } from '../metric/registry.ts';
import type { Metric } from '../metric/metric.ts';
import { without } from '../metric/predicate.ts';
import { fieldOf, fieldsOfObject, objectOf, type Catalogue } from '../warehouse/catalogue.ts';
import type { OrgSettings } from '../warehouse/read-org.ts';
import { dimensionOf, filterTargetOf, grainLabels, notCopied, requireField } from './dimensions.ts';
import type { Dimension, Order, Plan, Tables } from './plan.ts';
import { resolveFilters } from './resolve-filter.ts';

/** Objects a question about deals may read. */
export const questionObjects = ['Opportunity', 'Account', 'User', 'OpportunityStage', 'Period', 'Organization'] as const;

/**
 * A question against what the org really has.
 * @param now the as-of instant: "today" is its day in the org's zone
 * @throws InvalidInput with a `query.…` code; NotFound `OBJECT_NOT_COPIED`
 */
export function planQuery(query: AnalyticsQuery, catalogue: Catalogue, org: OrgSettings, now: Date): Plan {
  if (query.asOf !== 'now') throw new InvalidInput('query.history_missing', 'Only the present can be asked for: there is no rebuilt history yet.', { action: 'Leave asOf out.' });
  const today = localDay(now, org.zone);
  const opportunity = objectOf(catalogue, 'Opportunity');
  if (opportunity === undefined) throw notCopied('Opportunity');
  const metrics = uniqueMetrics(query).map((metric) => fitted(metric, catalogue));
  const dimensions = dimensionsOf(query, catalogue);
  return {
    metrics, dimensions, today,
    zone: org.zone,
    fiscal: org.fiscal,
    tests: resolveFilters(query.filters, { resolve: (key) => filterTargetOf(catalogue, key), zone: org.zone, fiscal: org.fiscal, today }),
    period: query.period === undefined ? null : resolvePeriod(query.period, today, org.fiscal),
    order: query.orderBy.map(({ by, dir }) => orderOf(by, dir, metrics, dimensions)),
    limit: query.limit,
    tables: tablesOf(catalogue, opportunity.table),
    opportunity: new Map(fieldsOfObject(catalogue, 'Opportunity').map((field) => [field.name.toLowerCase(), field])),
    moneyScale: fieldOf(catalogue, 'Opportunity', 'Amount')?.scale ?? 2,
  };
}

function uniqueMetrics({ metrics }: AnalyticsQuery): readonly Metric[] {
  const ids = metrics.map((metric) => {
    if (typeof metric === 'string') return metric;
    if (Object.keys(metric.params ?? {}).length > 0) throw new InvalidInput('query.unknown_parameter', `The metric ${metric.id} takes no parameters.`, { details: { metric: metric.id } });
    return metric.id;
  });
  if (new Set(ids).size < ids.length) throw new InvalidInput('query.duplicate_metric', 'A metric may be asked for once.');
  return ids.map(metricOf);
}

/** The metric as this org can compute it. */
function fitted(metric: Metric, catalogue: Catalogue): Metric {
  for (const name of metric.needs) requireField(catalogue, 'Opportunity', name);
  const missing = metric.wants.filter((name) => fieldOf(catalogue, 'Opportunity', name) === undefined);
  return missing.reduce(leaveOut, metric);
}

function leaveOut(metric: Metric, field: string): Metric {
  const presence = without(metric.presence, field);
  const { measure } = metric;
  if (measure.kind === 'ratio') {
    const { numerator, denominator } = measure;
    return { ...metric, presence, measure: { ...measure, numerator: { ...numerator, where: without(numerator.where, field) }, denominator: { ...denominator, where: without(denominator.where, field) } } };
  }
  return { ...metric, presence, measure: { ...measure, where: without(measure.where, field) } };
}

function dimensionsOf({ dimensions, timeGrain }: AnalyticsQuery, catalogue: Catalogue): readonly Dimension[] {
  if (new Set(dimensions).size < dimensions.length) throw new InvalidInput('query.duplicate_dimension', 'A dimension may be asked for once.');
  const time: readonly Dimension[] = timeGrain === undefined ? [] : [{ kind: 'time', key: 'time', label: grainLabels[timeGrain], grain: timeGrain }];
  return [...time, ...dimensions.map((key) => dimensionOf(catalogue, key))];
}

function orderOf(by: string, dir: 'asc' | 'desc', metrics: readonly Metric[], dimensions: readonly Dimension[]): Order {
  const dimension = dimensions.findIndex(({ key }) => key === by);
  if (dimension >= 0) return { by: 'dimension', index: dimension, dir };
  for (const [index, { id, measure }] of metrics.entries()) {
    if (by === id) return { by: 'metric', index, part: 'value', dir };
    if (measure.kind === 'ratio' && by === `${id}.n`) return { by: 'metric', index, part: 'n', dir };
    if (measure.kind === 'ratio' && by === `${id}.d`) return { by: 'metric', index, part: 'd', dir };
  }
  const known = [...dimensions.map(({ key }) => key), ...metrics.map(({ id }) => id)];
  throw new InvalidInput('query.unknown_order', `The answer has no column ${by}.`, { action: `Order by one of ${known.join(', ')}.`, details: { by, known } });
}

/** Tables one hop away from the rows of a table. */
export function tablesOf(catalogue: Catalogue, opportunity: string): Tables {
  const [account, user, stage] = ['Account', 'User', 'OpportunityStage'].map((name) => (fieldOf(catalogue, name, 'Id') === undefined ? undefined : objectOf(catalogue, name)));
  const apiName = fieldOf(catalogue, 'OpportunityStage', 'ApiName') ?? fieldOf(catalogue, 'OpportunityStage', 'MasterLabel');
  const sortOrder = fieldOf(catalogue, 'OpportunityStage', 'SortOrder');
  return {
    opportunity,
    account: account === undefined ? null : { table: account.table, name: fieldOf(catalogue, 'Account', 'Name') ?? null },
    user: user === undefined ? null : { table: user.table, name: fieldOf(catalogue, 'User', 'Name') ?? null, isActive: fieldOf(catalogue, 'User', 'IsActive') ?? null },
    stage: stage === undefined || apiName === undefined || sortOrder === undefined ? null : { table: stage.table, apiName, sortOrder },
  };
}
