import type { AccessRefusal } from '@tributary/event-contracts';
import { SalesforceCallFailure } from '@tributary/salesforce-client';

/** Why Salesforce takes no call of a connection for now, and to which token it said so. */
export interface RefusedAccess {
  readonly cause: AccessRefusal;
  /** Undefined when no token was known to be refused. */
  readonly epoch: number | undefined;
}

/** What an error that ended a run says of the connection's access; undefined when the access is not to blame. */
export function refusedAccess(error: unknown): RefusedAccess | undefined {
  if (!(error instanceof SalesforceCallFailure)) return undefined;
  const cause = causeOf(error);
  return cause && { cause, epoch: error.epoch };
}

function causeOf({ reaction, code, message }: SalesforceCallFailure): AccessRefusal | undefined {
  if (reaction === 'api-disabled') return 'api-disabled';
  if (reaction === 'daily-limit') return 'daily-quota';
  if (reaction !== 'session-refused') return undefined;
  if (code === 'SESSION_POLICY') return 'session-policy';
  if (code === 'INVALID_OPERATION_WITH_EXPIRED_PASSWORD') return 'password-expired';
  return /not attached to Agent/i.test(message) ? 'app-policy' : 'session-not-for-api';
}
