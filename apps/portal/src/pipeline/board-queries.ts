import type { AnalyticsQueryInput, Condition } from '@tributary/api-contracts';
import { grainOf, historyOf, periodOf, type BoardState } from './board-state.ts';

/** Periods a sparkline shows. */
const historyLength = 8;
/** Months or quarters in the trend. */
const trendLength = { month: 12, quarter: 8 } as const;

const ownerFilter = ({ owner }: BoardState): Condition[] => (owner === null ? [] : [{ field: 'owner', op: 'eq', value: owner }]);
const stageFilter = ({ stage }: BoardState): Condition[] => (stage === null ? [] : [{ field: 'stage', op: 'eq', value: stage }]);
const openFilters = (state: BoardState): Condition[] => [...ownerFilter(state), ...stageFilter(state)];

/** Figures of deals that are open now, whatever their close date; one query per tile, so that a failure stays in its tile. */
export const openQueries = {
  open: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['pipeline.open_amount', 'pipeline.open_count'], filters: openFilters(state) }),
  weighted: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['pipeline.weighted_amount'], filters: openFilters(state) }),
  overdue: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['pipeline.overdue_amount', 'pipeline.overdue_count'], filters: openFilters(state) }),
  byStage: (state: BoardState): AnalyticsQueryInput => ({
    metrics: ['pipeline.open_amount', 'pipeline.open_count', 'pipeline.weighted_amount'], dimensions: ['stage'], filters: openFilters(state), totals: true,
  }),
  byOwner: (state: BoardState): AnalyticsQueryInput => ({
    metrics: ['pipeline.open_amount', 'pipeline.open_count'], dimensions: ['owner'], filters: openFilters(state), totals: true,
    orderBy: [{ by: 'pipeline.open_amount', dir: 'desc' }],
  }),
} as const;

/** Figures of what was closed or created in the period. A stage says nothing about closed deals, so only the owner filters them. */
export const resultQueries = {
  bookings: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['bookings.won_amount', 'bookings.won_count'], filters: ownerFilter(state), period: periodOf(state) }),
  winRate: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['win_rate.by_count', 'win_rate.by_amount'], filters: ownerFilter(state), period: periodOf(state) }),
  dealSize: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['deal_size.mean'], filters: ownerFilter(state), period: periodOf(state) }),
  cycle: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['cycle.won_days_median'], filters: ownerFilter(state), period: periodOf(state) }),
  created: (state: BoardState): AnalyticsQueryInput => ({ metrics: ['pipeline.created_amount'], filters: ownerFilter(state), period: periodOf(state) }),
  /** The same figures for the periods before. */
  history: (state: BoardState): AnalyticsQueryInput => ({
    metrics: ['bookings.won_amount', 'win_rate.by_count', 'win_rate.by_amount', 'deal_size.mean', 'cycle.won_days_median', 'pipeline.created_amount'],
    filters: ownerFilter(state), ...historyOf(state, historyLength),
  }),
  trend: (state: BoardState): AnalyticsQueryInput => ({
    metrics: ['bookings.won_amount', 'pipeline.created_amount'], filters: ownerFilter(state), timeGrain: grainOf(state.trend, state.calendar),
    period: { calendar: state.calendar, unit: state.trend, from: 1 - trendLength[state.trend], to: 0 },
  }),
  winByOwner: (state: BoardState): AnalyticsQueryInput => ({
    metrics: ['win_rate.by_count', 'win_rate.by_amount'], dimensions: ['owner'], filters: ownerFilter(state), period: periodOf(state),
  }),
} as const;

/** What the filters offer: all owners and stages, independent of the filters themselves. */
export const choiceQueries = {
  owners: (): AnalyticsQueryInput => ({ metrics: ['pipeline.open_count'], dimensions: ['owner'] }),
  stages: (): AnalyticsQueryInput => ({ metrics: ['pipeline.open_count'], dimensions: ['stage'] }),
} as const;

/** Everything the board asks in a state, in its order. */
export function questionsOf(state: BoardState): readonly AnalyticsQueryInput[] {
  return [...Object.values(choiceQueries).map((query) => query()), ...[...Object.values(openQueries), ...Object.values(resultQueries)].map((query) => query(state))];
}
