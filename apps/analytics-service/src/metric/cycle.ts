import type { Metric } from './metric.ts';
import { won } from './predicate.ts';

/** How long won deals took. */
export const cycleMetrics: readonly Metric[] = [
  {
    id: 'cycle.won_days_median', version: 1, label: 'Sales cycle', unit: 'days', timeField: 'CloseDate', needs: ['IsWon', 'CloseDate', 'CreatedDate'], wants: [],
    text: 'Median of the days from creation to the close date of won deals; the day of creation is the one in the org\'s time zone.',
    formula: 'MEDIAN(CloseDate - DAY(CreatedDate)) WHERE IsWon', trap: 'Only won deals: open deals have no end yet.', presence: won,
    measure: { kind: 'median', term: { of: 'days_from_created_to_close' }, where: won },
  },
];
