import type { RunOutcome } from '@tributary/event-contracts';
import { ConsentRequired, Failure, RateLimited } from '@tributary/failures';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import type { RunReason } from './sync-runs.store.ts';

/** How an error met while working on one object concerns the run. */
export type Scope = 'object' | 'run' | 'process';

const runReactions: ReadonlySet<string> = new Set(['session-refused', 'api-disabled', 'daily-limit', 'version-retired']);

/**
 * `run`: nothing more can be read for now (authorisation, limits). `process`: this worker cannot go on (database, lease, shutdown) and the run
 * stays open for the next one. Everything else concerns the object alone.
 */
export function scopeOf(error: unknown): Scope {
  if (isOwnTrouble(error)) return 'process';
  if (error instanceof SalesforceCallFailure) return runReactions.has(error.reaction) ? 'run' : 'object';
  if (error instanceof ConsentRequired || error instanceof RateLimited) return 'run';
  return error instanceof Failure && ofTheLease.test(error.code) ? 'run' : 'object';
}

/** Codes by which auth-service, or the way to it, refuses a token. */
const ofTheLease = /^(CONNECTION_|LEASE_|GRANT_|EPOCH_NOT_READY|BUS_UNAVAILABLE|REPLY_)/;

const databaseLost = /^(08|57P|53|25006)/;
const socketCodes: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Lease lost, shutdown, or the database does not answer: nobody's data is to blame. */
function isOwnTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError') return true;
  if (error instanceof Failure) return error.code === 'RUN_LEASE_LOST';
  const code = 'code' in error ? String(error.code) : '';
  return databaseLost.test(code) || socketCodes.has(code) || /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Cannot use a pool after/i.test(error.message);
}

/** The connection's person wants nothing read for now: nobody failed. */
export function isPause(error: unknown): boolean {
  return error instanceof Failure && error.code === 'CONNECTION_PAUSED';
}

/** Milliseconds until the next run, when the failure knows better than the schedule. */
export function holdMs(error: unknown): number | undefined {
  if (error instanceof SalesforceCallFailure) return error.reaction === 'daily-limit' ? 30 * 60_000 : undefined;
  return error instanceof RateLimited ? (error.retryAfterMs ?? 15 * 60_000) : undefined;
}

/** Whether the run must wait for a new token. */
export function needsConsent(error: unknown): boolean {
  if (error instanceof SalesforceCallFailure) return error.reaction === 'session-refused';
  return error instanceof ConsentRequired;
}

/** Failed when authorisation ended it, complete only when every object is. */
export function outcomeOf(reasons: readonly RunReason[], stoppedBy: unknown): RunOutcome {
  if (stoppedBy !== undefined && holdMs(stoppedBy) === undefined && !isPause(stoppedBy)) return 'failed';
  return reasons.length === 0 ? 'complete' : 'partial';
}
