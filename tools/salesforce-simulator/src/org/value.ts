/**
 * A stored value. Instants are `2026-11-20T08:15:37.000Z`, dates `2026-11-20`, numbers are numbers: text order is time order,
 * and every answer format is made from these.
 */
export type FieldValue = string | number | boolean | null;

/** One record; rows are never changed, a change replaces the row, so that whoever holds one holds a snapshot. */
export type Row = Readonly<Record<string, FieldValue>>;

/** Rows by position, perhaps made when asked for. */
export interface RowSource {
  readonly length: number;
  at(index: number): Row;
}

/** Stored form of an instant, in whole seconds as Salesforce keeps its audit fields. */
export function stampOf(date: Date): string {
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
}

export function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const dayMs = 24 * 60 * 60_000;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
let lastDay = Number.NaN;
let lastDayText = '';

/** Stored form of whole seconds; for the millions of stamps that made rows have, where a `Date` each would cost most of the time. */
export function fastStamp(ms: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(day * dayMs).toISOString().slice(0, 11);
  }
  const second = Math.floor((ms - day * dayMs) / 1000);
  return `${lastDayText}${twoDigits[Math.floor(second / 3_600)] ?? ''}:${twoDigits[Math.floor(second / 60) % 60] ?? ''}:${twoDigits[second % 60] ?? ''}.000Z`;
}
