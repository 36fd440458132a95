import type { Metric } from './metric.ts';
import { all, won, withAmount } from './predicate.ts';

const wonWithAmount = all(won, withAmount);
const dealSize = { version: 1, unit: 'money', timeField: 'CloseDate', needs: ['IsWon', 'Amount', 'CloseDate'], wants: [], presence: wonWithAmount } as const;

/** How large won deals are. */
export const dealSizeMetrics: readonly Metric[] = [
  {
    ...dealSize, id: 'deal_size.mean', label: 'Average deal', text: 'Amount of won deals divided by their number; deals without amount are left out.',
    formula: 'SUM(Amount) / COUNT(*) WHERE IsWon AND Amount IS NOT NULL', trap: 'One large deal moves the mean: read it beside the median.',
    measure: { kind: 'ratio', numerator: { fn: 'sum', term: { of: 'amount' }, where: wonWithAmount }, denominator: { fn: 'count', where: wonWithAmount } },
  },
  {
    ...dealSize, id: 'deal_size.median', label: 'Median deal', text: 'Half of the won deals are larger and half are smaller; deals without amount are left out.',
    formula: 'MEDIAN(Amount) WHERE IsWon AND Amount IS NOT NULL', trap: 'Medians of groups cannot be added or averaged.',
    measure: { kind: 'median', term: { of: 'amount' }, where: wonWithAmount },
  },
];
