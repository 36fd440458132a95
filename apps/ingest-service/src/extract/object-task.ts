import type { ExportOwner } from '../budget/export-slots.ts';
import type { ClaimedRun } from '../sync-run/run-lease.ts';
import type { ObjectTracker } from '../sync-run/object-tracker.ts';
import type { OrgClient } from './org-access.ts';

/** One object to copy within a run. */
export interface ObjectTask {
  readonly run: ClaimedRun;
  /** The connection's schema in the warehouse. */
  readonly schema: string;
  readonly org: OrgClient;
  readonly tracker: ObjectTracker;
  readonly signal: AbortSignal;
}

/** Counts rows as they arrive, and ends the reading when this worker must stop. */
export function arrived({ tracker, signal }: ObjectTask): (rows: number) => void {
  return (rows) => {
    signal.throwIfAborted();
    tracker.addRows(rows);
  };
}

/** Whose the slots of a window's exports are. */
export function exportOwner({ org }: ObjectTask, { connectionId, object }: Pick<ExportOwner, 'connectionId' | 'object'>): ExportOwner {
  return { org: org.host, connectionId, object };
}
