import type { Metric } from './metric.ts';
import { all, everything, open } from './predicate.ts';

const inPipeline = all(open, { is: 'differs', field: 'ForecastCategory', value: 'Omitted' });
const overdue = all(open, { is: 'before_today', field: 'CloseDate' });

const openPipeline = {
  version: 1, timeField: 'CloseDate', wants: ['ForecastCategory'], presence: inPipeline,
  trap: 'A filter on the categories Pipeline, Best Case and Commit alone drops Most Likely.',
} as const;

const overduePipeline = { version: 1, timeField: 'CloseDate', wants: [], presence: overdue, trap: 'Overdue deals are part of open pipeline: show both side by side.' } as const;

const created = { version: 1, timeField: 'CreatedDate', wants: [], presence: everything, trap: 'Counting only deals that are still open makes the past shrink.' } as const;

/** Open, overdue, weighted and created pipeline. */
export const pipelineMetrics: readonly Metric[] = [
  {
    ...openPipeline, id: 'pipeline.open_amount', label: 'Open pipeline', unit: 'money', needs: ['IsClosed', 'Amount', 'CloseDate'],
    text: 'Sum of Amount of open deals whose close date is in the period, without the forecast category Omitted.',
    formula: "SUM(Amount) WHERE NOT IsClosed AND ForecastCategory <> 'Omitted'",
    measure: { kind: 'sum', term: { of: 'amount' }, where: inPipeline },
  },
  {
    ...openPipeline, id: 'pipeline.open_count', label: 'Open deals', unit: 'count', needs: ['IsClosed', 'CloseDate'],
    text: 'Number of open deals whose close date is in the period, without the forecast category Omitted.',
    formula: "COUNT(*) WHERE NOT IsClosed AND ForecastCategory <> 'Omitted'",
    measure: { kind: 'count', where: inPipeline },
  },
  {
    ...overduePipeline, id: 'pipeline.overdue_amount', label: 'Overdue pipeline', unit: 'money', needs: ['IsClosed', 'Amount', 'CloseDate'],
    text: 'Sum of Amount of open deals whose close date has passed.',
    formula: 'SUM(Amount) WHERE NOT IsClosed AND CloseDate < today',
    measure: { kind: 'sum', term: { of: 'amount' }, where: overdue },
  },
  {
    ...overduePipeline, id: 'pipeline.overdue_count', label: 'Overdue deals', unit: 'count', needs: ['IsClosed', 'CloseDate'],
    text: 'Number of open deals whose close date has passed.',
    formula: 'COUNT(*) WHERE NOT IsClosed AND CloseDate < today',
    measure: { kind: 'count', where: overdue },
  },
  {
    id: 'pipeline.weighted_amount', version: 1, label: 'Weighted pipeline', unit: 'money', timeField: 'CloseDate',
    needs: ['IsClosed', 'Amount', 'Probability', 'CloseDate'], wants: [],
    text: 'Sum of Amount times Probability of open deals whose close date is in the period.',
    formula: 'SUM(Amount * Probability) / 100 WHERE NOT IsClosed',
    trap: 'Probability is 0 to 100: it is divided by 100 once, after summing. The figure equals the sum of Expected Revenue.',
    measure: { kind: 'sum', term: { of: 'amount_times_probability' }, where: open }, presence: open,
  },
  {
    ...created, id: 'pipeline.created_amount', label: 'Pipeline created', unit: 'money', needs: ['Amount', 'CreatedDate'],
    text: 'Sum of the present Amount of all deals created in the period, whatever became of them.',
    formula: 'SUM(Amount) by CreatedDate',
    measure: { kind: 'sum', term: { of: 'amount' }, where: everything },
  },
  {
    ...created, id: 'pipeline.created_count', label: 'Deals created', unit: 'count', needs: ['CreatedDate'],
    text: 'Number of all deals created in the period, whatever became of them.',
    formula: 'COUNT(*) by CreatedDate',
    measure: { kind: 'count', where: everything },
  },
];
