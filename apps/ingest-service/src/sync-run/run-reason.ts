import { Failure, toFailure } from '@tributary/failures';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import { keepsItsJob } from '../extract/fallback.ts';
import { holdMs, isPause, needsConsent, scopeOf } from './run-verdict.ts';
import type { RunReason } from './sync-runs.store.ts';

/** A failure as a reason people can read: the cause, what is tried next, and when. */
export function reasonOf(object: string | null, error: unknown): RunReason {
  const { code, message } = toFailure(error);
  return { object, code, text: `${sentence(message)} ${nextTry(error)}` };
}

/** Salesforce ends only some of its messages like sentences. */
function sentence(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}

function nextTry(error: unknown): string {
  return scopeOf(error) === 'object' ? nextOfObject(error) : nextRun(error);
}

function nextRun(error: unknown): string {
  if (isPause(error)) return 'The next run follows when the connection is resumed.';
  if (needsConsent(error)) return 'The next run follows by itself as soon as there is a new access token.';
  const hold = holdMs(error);
  return hold === undefined ? 'The next run tries again.' : `The next run goes on from here, in ${Math.ceil(hold / 60_000)} minutes at the earliest.`;
}

function nextOfObject(error: unknown): string {
  if (!(error instanceof Failure) || error.kind === 'defect') return 'The next run tries again.';
  if (error.code === 'ROW_TOO_WIDE') return 'Each run tries again and copies it once its records fit.';
  if (error.code === 'TOO_MANY_FIELDS') return 'The next run copies it once fewer are chosen.';
  if (error instanceof SalesforceCallFailure && error.reaction === 'forbidden-object') return 'Each run asks again; a Salesforce administrator can give this user access.';
  if (error instanceof SalesforceCallFailure && error.reaction === 'schema-drift') return 'The next run reads its description anew and tries again.';
  return keepsItsJob(error) ? 'The next run goes on with it.' : 'The next run reads it again.';
}
