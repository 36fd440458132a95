import type { ClaimedRun } from './run-lease.ts';

/** What caused the events of a run. */
export function causeOf({ causedBy, correlationId }: ClaimedRun): { id: string; correlationid: string } | { correlationid: string } {
  return causedBy === null ? { correlationid: correlationId } : { id: causedBy, correlationid: correlationId };
}
