import type { ConnectionState, TokenFlow } from '@tributary/api-contracts';
import { Conflict, ConsentRequired, NotFound, Unavailable, type Failure } from '@tributary/failures';

/** What a lease is decided by; one row, read for every lease. */
export interface LeaseSituation {
  readonly state: ConnectionState;
  readonly attentionCause: string | null;
  readonly attentionText: string | null;
  readonly instanceUrl: string;
  /** Null without a live grant. */
  readonly grantId: string | null;
  readonly epoch: number | null;
  readonly flow: TokenFlow | null;
  readonly issuedAt: Date | null;
  /** Milliseconds until the connection is looked at again by itself. */
  readonly nextCheckInMs: number | null;
}

/** Why no token can be handed out in this situation; undefined when it can. */
export function refusalOf({ state, attentionCause, attentionText, grantId, nextCheckInMs }: Pick<LeaseSituation, 'state' | 'attentionCause' | 'attentionText' | 'grantId' | 'nextCheckInMs'>): Failure | undefined {
  const details = { state, ...(attentionCause === null ? {} : { cause: attentionCause }) };
  switch (state) {
    case 'active':
    case 'refreshing':
    case 'refresh_uncertain':
    case 'degraded':
      return grantId === null ? new ConsentRequired('GRANT_REVOKED', 'The connection holds no grant. Reconnect.', { details }) : undefined;
    case 'needs_reconsent':
      return new ConsentRequired('GRANT_REVOKED', attentionText ?? 'Salesforce no longer accepts this connection. Reconnect.', { details });
    case 'needs_admin':
      return new Conflict('CONNECTION_NEEDS_ADMIN', attentionText ?? 'A Salesforce admin must act first.', { details });
    case 'paused':
      return new Conflict('CONNECTION_PAUSED', 'The connection is paused.', { details });
    case 'held':
      return new Unavailable('CONNECTION_HELD', attentionText ?? 'Salesforce does not let us in at the moment.', { details, retryAfterMs: Math.max(1_000, nextCheckInMs ?? 60_000) });
    case 'pending_consent':
    case 'exchanging':
      return new Unavailable('CONSENT_NOT_FINISHED', 'The consent is not finished.', { details, retryAfterMs: 2_000 });
    case 'disconnecting':
    case 'disconnected':
    case 'purged':
      return new Conflict('CONNECTION_DISCONNECTED', 'The connection was disconnected.', { details });
    default:
      return state satisfies never;
  }
}

export function connectionUnknown(): NotFound {
  return new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
}
