import type { Metric } from './metric.ts';
import { closed, everything, won } from './predicate.ts';

/** How much of what was decided was won. */
export const winRateMetrics: readonly Metric[] = [
  {
    id: 'win_rate.by_count', version: 1, label: 'Win rate by deals', unit: 'ratio', timeField: 'CloseDate', needs: ['IsWon', 'IsClosed', 'CloseDate'], wants: [],
    text: 'Won deals divided by won and lost deals, both with a close date in the period.', formula: 'COUNT(IsWon) / COUNT(IsClosed)',
    trap: 'The denominator is what was decided, never the whole pipeline.', presence: everything,
    measure: { kind: 'ratio', numerator: { fn: 'count', where: won }, denominator: { fn: 'count', where: closed } },
  },
  {
    id: 'win_rate.by_amount', version: 1, label: 'Win rate by amount', unit: 'ratio', timeField: 'CloseDate', needs: ['IsWon', 'IsClosed', 'Amount', 'CloseDate'], wants: [],
    text: 'Amount of won deals divided by the amount of won and lost deals, both with a close date in the period.', formula: 'SUM(Amount WHERE IsWon) / SUM(Amount WHERE IsClosed)',
    trap: 'Lost deals keep old amounts: read it beside the rate by deals.', presence: everything,
    measure: { kind: 'ratio', numerator: { fn: 'sum', term: { of: 'amount' }, where: won }, denominator: { fn: 'sum', term: { of: 'amount' }, where: closed } },
  },
];
