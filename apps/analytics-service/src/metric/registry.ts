import type { MetricDefinition } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { bookingMetrics } from './bookings.ts';
import { cycleMetrics } from './cycle.ts';
import { dealSizeMetrics } from './deal-size.ts';
import type { Metric } from './metric.ts';
import { pipelineMetrics } from './pipeline.ts';
import { winRateMetrics } from './win-rate.ts';

/** Every metric there is, in the order people read them. */
export const registry: readonly Metric[] = [...pipelineMetrics, ...bookingMetrics, ...winRateMetrics, ...dealSizeMetrics, ...cycleMetrics];

const byId = new Map(registry.map((metric) => [metric.id, metric]));

/** @throws InvalidInput `query.unknown_metric` with the ids there are */
export function metricOf(id: string): Metric {
  const metric = byId.get(id);
  if (metric !== undefined) return metric;
  throw new InvalidInput('query.unknown_metric', `There is no metric ${id}.`, { action: 'Choose one of the metrics of GET /api/metrics.', details: { metric: id, known: [...byId.keys()] } });
}

/** A metric as the API tells it. */
export function definitionOf(metric: Metric, dimensions: readonly string[]): MetricDefinition {
  const { id, version, label, text, formula, unit, trap } = metric;
  return { id, version, label, text, formula, unit, trap, timeField: `Opportunity.${metric.timeField}`, needs: ['Opportunity', ...[...metric.needs, ...metric.wants].map((field) => `Opportunity.${field}`)], dimensions: [...dimensions] };
}
