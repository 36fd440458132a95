/** How far an object has been read. */
export interface Bookmark {
  /** Field by which changes were found; null for full reads. */
  readonly cursorField: string | null;
  /** Nothing older can still change by a late commit; null before the first complete read. */
  readonly settledUntil: Date | null;
}

/** A half-open interval of the cursor field; null bounds are open, and both are null for a full read. */
export interface Window {
  readonly from: Date | null;
  readonly until: Date | null;
}

const overlapMs = 15 * 60_000;
const settlingMs = 10 * 60_000;
const tickMs = 1_000;

/**
 * From fifteen minutes before what is settled up to the present second at Salesforce, that second included.
 * @param cursorField undefined for an object that must be read whole
 * @param everything whether a new column asks for rows that have not changed
 */
export function planWindow(bookmark: Bookmark, cursorField: string | undefined, serverNow: Date, everything = false): Window {
  if (cursorField === undefined) return { from: null, until: null };
  const until = new Date(Math.floor(serverNow.getTime() / tickMs) * tickMs + tickMs);
  const known = bookmark.cursorField === cursorField ? bookmark.settledUntil : null;
  return { from: known === null || everything ? null : new Date(known.getTime() - overlapMs), until };
}

/** Up to where no transaction that is still open can add a row. Never moves back. */
export function settledAfter(window: Window, serverNow: Date, before: Date | null): Date | null {
  if (window.until === null) return null;
  return new Date(Math.max(Math.min(serverNow.getTime() - settlingMs, window.until.getTime()), before?.getTime() ?? 0));
}
