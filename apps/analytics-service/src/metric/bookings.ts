import type { Metric } from './metric.ts';
import { won } from './predicate.ts';

const bookings = { version: 1, timeField: 'CloseDate', wants: [], presence: won, trap: 'Won is what the stage is marked as, not what it is called.' } as const;

/** What was won. */
export const bookingMetrics: readonly Metric[] = [
  {
    ...bookings, id: 'bookings.won_amount', label: 'Bookings', unit: 'money', needs: ['IsWon', 'Amount', 'CloseDate'],
    text: 'Sum of Amount of won deals whose close date is in the period.', formula: 'SUM(Amount) WHERE IsWon',
    measure: { kind: 'sum', term: { of: 'amount' }, where: won },
  },
  {
    ...bookings, id: 'bookings.won_count', label: 'Won deals', unit: 'count', needs: ['IsWon', 'CloseDate'],
    text: 'Number of won deals whose close date is in the period.', formula: 'COUNT(*) WHERE IsWon',
    measure: { kind: 'count', where: won },
  },
];
