const firstMs = 250;
const mostMs = 10_000;
const calmAfterMs = 60_000;

/**
 * Milliseconds to wait before a process that ended is started again.
 * @param inRow  how often it ended in a row, this time included
 * @param livedMs how long it ran; a long life forgives what was before
 */
export function restartDelayMs(inRow: number, livedMs: number): number {
  return livedMs >= calmAfterMs ? firstMs : Math.min(firstMs * 2 ** Math.max(0, inRow - 1), mostMs);
}

/** The count for the next end. */
export function endsInRow(inRow: number, livedMs: number): number {
  return livedMs >= calmAfterMs ? 1 : inRow + 1;
}
