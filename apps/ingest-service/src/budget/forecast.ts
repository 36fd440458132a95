import type { SyncForecast } from '@tributary/api-contracts';

const daySeconds = 86_400;
/** A look at the schema, and every hour at the limits. */
const callsOfRun = 1;
const limitsEverySeconds = 3_600;
/** Deletions are asked for no more often than this. */
export const deletionsEverySeconds = 900;
/** Permissions may hide fields without Salesforce calling the schema changed: every object is described anew so often. */
export const describedEverySeconds = 3_600;
/** What names fields beyond their API names is asked for so often, whatever the description says. */
export const explainedEverySeconds = daySeconds;
/** One count, and one reading in every second one: measured at an org whose deals move all day. */
const callsOfReading = 1.5;

/**
 * Calls a day of a schedule.
 * @param intervals seconds between two readings, by object that is read
 * @param runEverySeconds seconds between two runs
 * @param daily calls for what is read once a day
 */
export function callsPerDay(intervals: readonly number[], runEverySeconds: number, daily: number): number {
  if (intervals.length === 0) return 0;
  const readings = intervals.reduce((sum, seconds) => sum + (daySeconds / seconds) * callsOfReading + daySeconds / Math.max(seconds, deletionsEverySeconds) + daySeconds / Math.max(seconds, describedEverySeconds) + daySeconds / Math.max(seconds, explainedEverySeconds), 0);
  return Math.ceil((daySeconds / runEverySeconds) * callsOfRun + daySeconds / Math.max(limitsEverySeconds, runEverySeconds) + readings + daily);
}

export interface ForecastInput {
  readonly intervals: readonly number[];
  readonly runEverySeconds: number;
  /** Calls a day to read formula fields again whose values change with time. */
  readonly formulaCalls: number;
  readonly totalShare: number;
  /** Usage of the org in the last 24 hours, and Tributary's own part of it. */
  readonly usage: { readonly used: number; readonly limit: number; readonly own: number } | undefined;
}

export function forecastOf({ intervals, runEverySeconds, formulaCalls, totalShare, usage }: ForecastInput): SyncForecast {
  const calls = callsPerDay(intervals, runEverySeconds, formulaCalls);
  const runs = intervals.length === 0 ? 0 : daySeconds / runEverySeconds;
  const base = { runsPerDay: round(runs), callsPerRun: runs === 0 ? 0 : round(calls / runs), callsPerDay: calls };
  if (usage === undefined) return { ...base, limit: null, ceiling: null, usedByOthers: null, fits: true };
  const ceiling = Math.floor(usage.limit * totalShare);
  const usedByOthers = Math.max(0, usage.used - usage.own);
  return { ...base, limit: usage.limit, ceiling, usedByOthers, fits: calls <= Math.max(0, ceiling - usedByOthers) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
