import type { DeleteWatch } from './delete-watch.ts';

/** Under which a comparison of all Ids of an object is kept while it is read. */
export function idsKey(object: string): string {
  return `${object}#ids`;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Salesforce remembers deletions for fifteen days; a little less is asked for, because time goes on. */
const logReachMs = 15 * dayMs - 10 * minuteMs;
const sweepEveryMs = 7 * dayMs;

/** The interval of whole minutes to ask the list of deletions for; undefined when it is too short to be asked. `gap` when the list does not reach back far enough. */
export function deletionInterval(coveredUntil: Date, now: Date): { readonly start: Date; readonly end: Date; readonly gap: boolean } | undefined {
  const oldest = now.getTime() - logReachMs;
  const start = new Date(Math.floor(Math.max(coveredUntil.getTime(), oldest) / minuteMs) * minuteMs);
  const end = new Date(Math.ceil(now.getTime() / minuteMs) * minuteMs);
  return end.getTime() - start.getTime() <= minuteMs ? undefined : { start, end, gap: coveredUntil.getTime() < oldest };
}

/** Whether the weekly comparison of all Ids is due. */
export function isSweepDue(sweptAt: Date, now: Date): boolean {
  return now.getTime() - sweptAt.getTime() >= sweepEveryMs;
}

/** Whether rows are to be counted on both sides: daily, and in each run where nothing else tells of deletions. */
export function isCountDue(countedAt: Date, now: Date, replicateable: boolean): boolean {
  return !replicateable || now.getTime() - countedAt.getTime() >= dayMs;
}

const handful = 10;
const guardShare = 0.05;

/** Whether so many rows are missing at once that a lost permission is likelier than their deletion. */
export function isSuspicious(missing: number, stored: number): boolean {
  return missing > handful && missing > stored * guardShare;
}

/** Between two readings by schedule nobody asks for deletions more often than this: one in the recycle bin is found by its stamp anyway. */
const listEveryMs = 15 * minuteMs;

/** Whether nothing about an object's deletions is due yet in a run by schedule. */
export function isQuiet({ coveredUntil, sweptAt, countedAt, sweepDue }: Pick<DeleteWatch, 'coveredUntil' | 'sweptAt' | 'countedAt' | 'sweepDue'>, now: Date, replicateable: boolean): boolean {
  const asked = replicateable ? coveredUntil : countedAt;
  return !sweepDue && now.getTime() - asked.getTime() < listEveryMs && !isSweepDue(sweptAt, now) && !isCountDue(countedAt, now, true);
}
