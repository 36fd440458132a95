import type { AccessPolicy, ConnectionState, TokenFlow } from '@tributary/api-contracts';
import { Conflict, ConsentRequired, NotFound, Unavailable, type Failure } from '@tributary/failures';

/** The present token set of a way in. */
export interface LentGrant {
  readonly grantId: string;
  readonly epoch: number;
  readonly flow: TokenFlow;
  readonly issuedAt: Date;
  /** When the token set was stored, by our own clock. */
  readonly storedAt: Date;
}

/** What a lease is decided by; one row, read for every lease. */
export interface LeaseSituation {
  readonly state: ConnectionState;
  readonly policy: AccessPolicy;
  readonly attentionCause: string | null;
  readonly attentionText: string | null;
  readonly instanceUrl: string;
  /** Null without a live grant of this kind. */
  readonly user: LentGrant | null;
  readonly jwt: LentGrant | null;
  /** Whether assertions are not asked for at the moment, because the last one was refused for a passing reason. */
  readonly jwtPaused: boolean;
  /** Nothing stored before this is lent in the whole installation; null without such a limit. */
  readonly floor: Date | null;
  /** Milliseconds until the connection is looked at again by itself. */
  readonly nextCheckInMs: number | null;
}

type Prefixed<Prefix extends string> = { readonly [Member in keyof LentGrant as `${Prefix}${Capitalize<Member>}`]: LentGrant[Member] | null };

/** The same as one flat row. */
export type LeaseSituationRow = Omit<LeaseSituation, 'user' | 'jwt'> & Prefixed<'user'> & Prefixed<'jwt'>;

export function situationOf(row: LeaseSituationRow): LeaseSituation {
  const { state, policy, attentionCause, attentionText, instanceUrl, jwtPaused, floor, nextCheckInMs } = row;
  return {
    state, policy, attentionCause, attentionText, instanceUrl, jwtPaused, floor, nextCheckInMs,
    user: lentGrant(row.userGrantId, row.userEpoch, row.userFlow, row.userIssuedAt, row.userStoredAt),
    jwt: lentGrant(row.jwtGrantId, row.jwtEpoch, row.jwtFlow, row.jwtIssuedAt, row.jwtStoredAt),
  };
}

function lentGrant(grantId: string | null, epoch: number | null, flow: TokenFlow | null, issuedAt: Date | null, storedAt: Date | null): LentGrant | null {
  return grantId === null || epoch === null || flow === null || issuedAt === null || storedAt === null ? null : { grantId, epoch, flow, issuedAt, storedAt };
}

/** Why no token can be handed out in this situation; undefined when it can. */
export function refusalOf({ state, attentionCause, attentionText, grantId, nextCheckInMs }: Pick<LeaseSituation, 'state' | 'attentionCause' | 'attentionText' | 'nextCheckInMs'> & { readonly grantId: string | null }): Failure | undefined {
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

/** Whether a token is older than the caller, or the installation's kill switch, allows. */
export function isTooOld({ issuedAt, storedAt }: Pick<LentGrant, 'issuedAt' | 'storedAt'>, floor: Date | null, notIssuedBefore: string | undefined): boolean {
  if (floor !== null && storedAt < floor) return true;
  return notIssuedBefore !== undefined && issuedAt.getTime() < Date.parse(notIssuedBefore);
}

export function connectionUnknown(): NotFound {
  return new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
}
