import { windowCommitted, type WindowCommitted } from '@tributary/event-contracts';
import { causeOf } from '../sync-run/run-cause.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import type { StoredReceipt } from './receipts.store.ts';

/** What others are told of a receipt. */
export function windowEvent({ run, tracker }: ObjectTask, receipt: StoredReceipt): WindowCommitted {
  const { sourceCount: source, jobCount: job, pages, parsed, inserted, updated, unchanged, superseded } = receipt;
  return windowCommitted.create({
    connectionId: run.connectionId, runId: run.id, object: tracker.object, receiptId: receipt.id, fromVersion: receipt.fromVersion, toVersion: receipt.toVersion,
    rows: inserted + updated, tombstones: receipt.tombstones, settledUntil: receipt.settledUntil?.toISOString() ?? null, complete: receipt.complete,
    counts: { source, job, pages, parsed, inserted, updated, unchanged, superseded },
  }, { causedBy: causeOf(run) });
}
