import type { LeaseRequestClaims } from '@tributary/api-contracts';
import { Conflict, ConsentRequired, Unavailable, type Failure } from '@tributary/failures';
import { chooseWay, type Choice, type Purpose, type WayKind } from '../policy/choose-way.ts';
import { refusalOf, type LeaseSituation, type LentGrant } from './lease-situation.ts';

/** The token set a request is answered with, and why it is this one. */
export interface Offer {
  readonly choice: Choice;
  readonly grant: LentGrant;
}

/** Ways with a live grant that the policy names, the first one first. */
export function waysOf({ policy, user, jwt }: LeaseSituation, purpose: Purpose): readonly WayKind[] {
  const live = { user: user !== null, jwt: jwt !== null };
  const first = chooseWay(policy, purpose, live);
  if (first === undefined) return [];
  const second = chooseWay(policy, purpose, { ...live, [first.kind]: false });
  return second === undefined ? [first.kind] : [first.kind, second.kind];
}

/**
 * What can be lent in a situation.
 * @param failed ways that gave nothing to this request, with why
 * @throws the Failure that says why nothing can be lent
 */
export function offerOf(situation: LeaseSituation, { purpose, minEpoch = 0 }: Pick<LeaseRequestClaims, 'purpose' | 'minEpoch'>, failed: ReadonlyMap<WayKind, unknown>): Offer {
  const ways = waysOf(situation, purpose);
  const refusal = refusalOf({ ...situation, grantId: (situation.user ?? situation.jwt)?.grantId ?? null });
  if (refusal !== undefined) throw refusal;
  const open = ways.filter((way) => !failed.has(way));
  const usable = open.filter((way) => !pausedBeside(way, situation, open));
  // A caller that waits for an epoch is served by whichever way has it.
  const ready = usable.filter((way) => (situation[way]?.epoch ?? 0) >= minEpoch);
  const candidates = ready.length > 0 ? ready : usable;
  const choice = chooseWay(situation.policy, purpose, { user: candidates.includes('user'), jwt: candidates.includes('jwt') });
  const grant = choice === undefined ? null : situation[choice.kind];
  if (choice === undefined || grant === null) throw nothingLeft(situation, failed);
  return { choice, grant };
}

/** A way that was refused for a passing reason steps back while another one is open. */
function pausedBeside(way: WayKind, { jwtPaused }: LeaseSituation, open: readonly WayKind[]): boolean {
  return way === 'jwt' && jwtPaused && open.length > 1;
}

function nothingLeft({ policy, attentionText }: LeaseSituation, failed: ReadonlyMap<WayKind, unknown>): unknown {
  const last = [...failed.values()].at(-1);
  if (last !== undefined) return last;
  return failed.size > 0 ? new Unavailable('EPOCH_NOT_READY', 'The connection has no token at the moment.', { retryAfterMs: 2_000 }) : noWay(policy, attentionText);
}

function noWay(policy: LeaseSituation['policy'], text: string | null): Failure {
  if (policy === 'jwt') return new Conflict('CONNECTION_NEEDS_ADMIN', text ?? 'Access by signed assertion is not proven any more.');
  return new ConsentRequired('GRANT_REVOKED', text ?? 'The connection holds no grant. Reconnect.');
}
