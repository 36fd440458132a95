import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId, Instant, ReceiptId, RowVersion, SyncRunId } from '../ids.ts';

const Count = z.int().nonnegative();

/** What the receipt counts of a window. */
const Counts = z.strictObject({
  /** Rows at the source before reading; null when it could not count them. */
  source: Count.nullable(),
  /** Rows the Bulk job says it wrote; null for REST. */
  job: Count.nullable(),
  /** Pages in which the rows came. */
  pages: Count,
  /** Rows in these pages. */
  parsed: Count,
  inserted: Count,
  /** Rows that differ from what was stored, those now marked as deleted among them. */
  updated: Count,
  unchanged: Count,
  /** Rows that were read twice; the newer one counts. */
  superseded: Count,
});

/** Rows, bookmark and receipt of one window are in the warehouse. */
export const windowCommitted = defineEvent('ingest.window.committed', 1, 'One window of an object is in the warehouse, with its receipt.', z.strictObject({
  connectionId: ConnectionId,
  runId: SyncRunId,
  object: ApiName,
  receiptId: ReceiptId,
  /** Version range written: rows have `fromVersion < _version <= toVersion`; equal when nothing changed. */
  fromVersion: RowVersion,
  toVersion: RowVersion,
  rows: z.int().nonnegative(),
  tombstones: z.int().nonnegative(),
  /** Up to which no late commit can change what was read; null for objects without a cursor field. */
  settledUntil: Instant.nullable(),
  complete: z.boolean(),
  /** Rows from the source to the warehouse, as the receipt keeps them (`updated` has those now marked as deleted too, `superseded` were read twice); left out by versions that did not tell them. */
  counts: Counts.optional(),
}));
export type WindowCommitted = EventOf<typeof windowCommitted>;
