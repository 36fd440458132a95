import type { ObjectProgress } from '@tributary/api-contracts';
import { firstBoardObjects } from '../selection/preset.ts';

/** What is known of an object's copying at one moment. */
export interface ProgressState {
  readonly object: string;
  readonly label: string;
  readonly status: ObjectProgress['status'];
  readonly step: string;
  readonly rowsDone: number;
  readonly rowsTotal: number | null;
  readonly api: ObjectProgress['api'];
  readonly apiCalls: number;
  /** Milliseconds of work on rows, and rows done in them; for the rate. */
  readonly workedMs: number;
  readonly workedRows: number;
}

const etaAfterMs = 3_000;

/** The state as it is shown: rate, and after three seconds a range of the time left. */
export function progressOf(state: ProgressState): ObjectProgress {
  const { object, label, status, step, rowsDone, rowsTotal, api, apiCalls, workedMs, workedRows } = state;
  const rowsPerSecond = workedMs > 0 && workedRows > 0 ? Math.round((workedRows / workedMs) * 10_000) / 10 : null;
  const left = rowsTotal === null ? null : Math.max(rowsTotal - rowsDone, 0);
  const working = status === 'extracting' || status === 'merging';
  const seconds = working && left !== null && rowsPerSecond !== null && workedMs >= etaAfterMs ? left / rowsPerSecond : null;
  return {
    object, label, status, step, rowsDone, rowsTotal, rowsPerSecond, api, apiCalls,
    etaSeconds: seconds === null ? null : { from: Math.floor(seconds * 0.8), to: Math.ceil(seconds * 1.5) + 1 },
  };
}

const guessedRate = 1_000;

/** Seconds until the first board can be shown; null when it can be shown now or nothing is counted yet. */
export function firstBoardSeconds(objects: readonly ObjectProgress[]): number | null {
  const needed = objects.filter(({ object, status }) => firstBoardObjects.includes(object) && status !== 'complete' && status !== 'partial' && status !== 'failed');
  if (needed.length === 0 || needed.every(({ rowsTotal }) => rowsTotal === null)) return null;
  const seconds = needed.map(({ rowsTotal, rowsDone, rowsPerSecond, etaSeconds }) => etaSeconds?.to ?? Math.max((rowsTotal ?? 0) - rowsDone, 0) / (rowsPerSecond ?? guessedRate));
  return Math.ceil(Math.max(...seconds)) + 1;
}
