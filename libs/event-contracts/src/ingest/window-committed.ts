import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.ts';
import { ApiName, ConnectionId, Instant, ReceiptId, RowVersion, SyncRunId } from '../ids.ts';

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
}));
export type WindowCommitted = EventOf<typeof windowCommitted>;
