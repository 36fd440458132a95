import type { ConnectionState } from '@tributary/api-contracts';

/** What the next step of a refresh is decided by; all instants are the database's. */
export interface RefreshSituation {
  readonly connectionId: string;
  readonly workspaceId: string;
  readonly state: ConnectionState;
  readonly failures: number;
  readonly attentionCause: string | null;
  readonly attentionText: string | null;
  readonly nextCheckAt: Date | null;
  readonly grantId: string;
  readonly loginOrigin: string;
  readonly orgId: string;
  readonly userId: string;
  readonly epoch: number;
  readonly refreshEpoch: number;
  readonly accessHash: string;
  readonly refreshedAt: Date;
  readonly leaseOwner: string | null;
  readonly leaseUntil: Date | null;
  readonly intentEpoch: number | null;
  readonly intentAt: Date | null;
  readonly now: Date;
}

export type RefreshStep =
  | { readonly kind: 'done' }
  /** Somebody else refreshes at the moment: look again. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Not before then. */
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'claim' }
  /** The last outcome is unknown: present the old refresh token once more, as a question. */
  | { readonly kind: 'probe' };

/** An owner that died may come back with an answer it has on disk; afterwards the question has to be asked. */
export const ownerReturnsWithinMs = 2 * 60_000;
const lookAgainMs = 150;

/**
 * Decides what to do for a caller to whom Salesforce refused epoch `rejectedEpoch`.
 * @param instance prefix of the lease owners that share this process's escrow: what they knew, this process knows
 * @param isClockSettled whether ages by the database's clock are to be believed: else another owner may be at work, and its token must not be presented beside it
 */
export function nextStep(situation: RefreshSituation, rejectedEpoch: number, instance: string, isClockSettled: boolean): RefreshStep {
  const { epoch, intentEpoch, intentAt, leaseOwner, leaseUntil, nextCheckAt, now } = situation;
  if (epoch > rejectedEpoch) return { kind: 'done' };
  if (leaseUntil !== null && leaseUntil > now) return { kind: 'wait', ms: lookAgainMs };
  const pausedMs = nextCheckAt === null ? 0 : nextCheckAt.getTime() - now.getTime();
  if (pausedMs > 0) return { kind: 'later', ms: pausedMs };
  if (intentEpoch !== epoch) return { kind: 'claim' };
  if (leaseOwner?.startsWith(instance) === true) return { kind: 'probe' };
  if (!isClockSettled) return { kind: 'later', ms: ownerReturnsWithinMs };
  const returnMs = (intentAt?.getTime() ?? 0) + ownerReturnsWithinMs - now.getTime();
  return returnMs > 0 ? { kind: 'later', ms: returnMs } : { kind: 'probe' };
}

const baseMs = 500;
const leastMs = 200;
const capMs = 60 * 60_000;

/**
 * Milliseconds to wait after the n-th passing failure in a row, with full jitter: what failed together does not come back together.
 * The first waits are short enough for a caller to sit them out; the long ones are the connection's own breaker.
 * @param random in [0, 1)
 */
export function backOffMs(failures: number, random: number = Math.random()): number {
  return Math.max(leastMs, Math.round(random * Math.min(capMs, baseMs * 2 ** Math.min(failures, 20))));
}
