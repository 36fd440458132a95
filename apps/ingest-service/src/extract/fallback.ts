import { Failure } from '@tributary/failures';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import type { ExtractApi } from './api-choice.ts';

const tooLong: ReadonlySet<number> = new Set([413, 414, 431]);

/** The other API when it may succeed where this one was refused; undefined when there is no point in trying. */
export function otherApi(error: unknown, refused: ExtractApi): ExtractApi | undefined {
  if (!(error instanceof SalesforceCallFailure)) return undefined;
  // A window that cannot be split any further may still pass by the other way.
  const refusal = error.reaction === 'use-other-api' || error.reaction === 'split-window' || error.code === 'FUNCTIONALITY_NOT_ENABLED';
  if (refused === 'bulk') return refusal ? 'rest' : undefined;
  return refusal || tooLong.has(error.status) ? 'bulk' : undefined;
}

/** Why the other API is used, one sentence. */
export function fallbackReason(refused: ExtractApi, error: unknown): string {
  const why = error instanceof Failure ? error.message : 'refused';
  return refused === 'bulk' ? `Read by REST, because the Bulk API refused: ${why}` : `Read by the Bulk API, because REST refused: ${why}`;
}

/** Whether the page or answer may be whole when it is read again. */
export function isWorthReading(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'PAGE_INCOMPLETE' || error.code === 'PAGE_INTERRUPTED' || error.code === 'CSV_BROKEN');
}

/** Whether the window is too much for Salesforce at once: repeating it is of no use, smaller pieces may pass. */
export function isTooMuch(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && error.reaction === 'split-window';
}

/** Whether the source gives rows in another order than they are asked for. */
export function isUnordered(error: unknown): boolean {
  return error instanceof Failure && error.code === 'ORDER_NOT_KEPT';
}

/** Whether the list of an export's pages was not whole. */
export function isListBroken(error: unknown): boolean {
  return error instanceof Failure && error.code === 'PAGES_MISSING';
}

/** Whether an export job never came to its end. */
export function isStuck(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && error.code === 'JOB_STUCK';
}

/** Whether the export at Salesforce is gone and the window must be asked for again. */
export function isCursorLost(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && error.reaction === 'cursor-lost';
}

/** Whether Salesforce makes an export no longer, or knows it no more. */
export function isExportOver(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && (error.code === 'JOB_FAILED' || isCursorLost(error));
}

/** Whether a field or the object vanished since it was described. */
export function isDrift(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && error.reaction === 'schema-drift';
}

/** An export that was only out of reach is read on by the next run; a broken one is asked for anew. */
export function keepsItsJob(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'unavailable' && error.code !== 'PAGE_INCOMPLETE' && error.code !== 'PAGE_INTERRUPTED';
}
