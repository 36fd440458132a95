import type { Period, TimeGrain } from '@tributary/api-contracts';
import type { LocationQuery } from 'vue-router';

export const periodIds = ['this-month', 'last-month', 'this-quarter', 'last-quarter', 'this-year', 'last-year'] as const;
export type PeriodId = (typeof periodIds)[number];
export type CalendarId = 'fiscal' | 'gregorian';
export type TrendGrain = 'month' | 'quarter';

/** Everything that decides what the board shows; it lives in the address and nowhere else. */
export interface BoardState {
  /** Salesforce id of an owner; null is everyone. */
  readonly owner: string | null;
  readonly stage: string | null;
  readonly period: PeriodId;
  readonly calendar: CalendarId;
  readonly trend: TrendGrain;
}

export const defaultBoard: BoardState = { owner: null, stage: null, period: 'this-quarter', calendar: 'fiscal', trend: 'month' };

/** The state an address describes; what it does not know is as by default. */
export function boardOfQuery(query: LocationQuery): BoardState {
  return {
    owner: textOf(query['owner']),
    stage: textOf(query['stage']),
    period: periodIds.find((id) => id === query['period']) ?? defaultBoard.period,
    calendar: query['calendar'] === 'calendar' ? 'gregorian' : 'fiscal',
    trend: query['trend'] === 'quarter' ? 'quarter' : 'month',
  };
}

/** The shortest address query that describes a state. */
export function queryOfBoard(state: BoardState): Record<string, string> {
  return {
    ...(state.owner === null ? {} : { owner: state.owner }),
    ...(state.stage === null ? {} : { stage: state.stage }),
    ...(state.period === defaultBoard.period ? {} : { period: state.period }),
    ...(state.calendar === 'fiscal' ? {} : { calendar: 'calendar' }),
    ...(state.trend === defaultBoard.trend ? {} : { trend: state.trend }),
  };
}

/** The period as the query asks for it. */
export function periodOf({ period, calendar }: Pick<BoardState, 'period' | 'calendar'>): Period {
  const offset = period.startsWith('this') ? 0 : -1;
  return { calendar, unit: unitOf(period), from: offset, to: offset };
}

/** The period and the ones before it, oldest first, for a sparkline and the base of a comparison. */
export function historyOf({ period, calendar }: Pick<BoardState, 'period' | 'calendar'>, count: number): { period: Period; timeGrain: TimeGrain } {
  const unit = unitOf(period);
  const end = period.startsWith('this') ? 0 : -1;
  return { period: { calendar, unit, from: end - count + 1, to: end }, timeGrain: grainOf(unit, calendar) };
}

/** A time grain in a calendar. */
export function grainOf(unit: 'month' | 'quarter' | 'year', calendar: CalendarId): TimeGrain {
  return calendar === 'fiscal' ? `fiscal_${unit}` : unit;
}

function unitOf(period: PeriodId): 'month' | 'quarter' | 'year' {
  if (period.endsWith('month')) return 'month';
  return period.endsWith('quarter') ? 'quarter' : 'year';
}

function textOf(value: LocationQuery[string] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
