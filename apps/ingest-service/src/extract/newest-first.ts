import type { Window } from './window-plan.ts';

/** Which rows of a first load a window has: the newest ones, or the older ones that follow; `all` for every other window. */
export type Reach = 'all' | 'newest' | 'backfill';

/** Older rows than these come later: those of the last four quarters and the present one, or of the present one alone. */
export function newestBounds(serverNow: Date): readonly Date[] {
  const quarter = serverNow.getUTCMonth() - (serverNow.getUTCMonth() % 3);
  return [new Date(Date.UTC(serverNow.getUTCFullYear() - 1, quarter)), new Date(Date.UTC(serverNow.getUTCFullYear(), quarter))];
}

/** Whether reading so many newest rows before all others brings something early. They are written once more when the others are there. */
export function isWorthReadingFirst(newest: number, all: number): boolean {
  return newest > 0 && newest * 2 <= all;
}

/** What is copied of an object whose newest rows are there, one sentence. */
export function newestText({ from }: Pick<Window, 'from'>): string {
  return `What changed since ${from?.toISOString().slice(0, 10) ?? 'the beginning'} is here; older rows follow.`;
}
