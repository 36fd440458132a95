const secondMs = 1_000;
const slowestMs = 60_000;

/**
 * Milliseconds between two runs that events open: none for the first of an hour, a second more for each further one, a minute at most.
 * Somebody who edits sees it at once; an org that never rests costs at most sixty small runs an hour more.
 */
export function wakeGapMs(runsInLastHour: number): number {
  return Math.min(slowestMs, Math.max(0, runsInLastHour - 1) * secondMs);
}
