import type { SigningKeyState } from '@tributary/api-contracts';

/** What the next step in a key's life is decided by. */
export interface KeyLife {
  readonly state: SigningKeyState;
  readonly notAfter: Date;
  readonly createdAt: Date;
  readonly retiringSince?: Date | null | undefined;
  readonly lastUsedAt?: Date | null | undefined;
}

const dayMs = 24 * 60 * 60_000;
const unusedMs = 7 * dayMs;
/** A successor is made when so many days are left. */
export const successorDays = 60;
/** Days before the end at which everybody who relies on a certificate is told, once each. */
export const expiryLadder = [60, 30, 14, 7, 3, 1] as const;

/** Whole days until the end, begun ones counted; 0 once it has passed. */
export function daysLeft({ notAfter }: Pick<KeyLife, 'notAfter'>, now: Date): number {
  return Math.max(0, Math.ceil((notAfter.getTime() - now.getTime()) / dayMs));
}

/** The step of the ladder that so many days stand on: after a pause only the nearest one is told. */
export function ladderStep(days: number): number | undefined {
  return expiryLadder.findLast((step) => days > 0 && days <= step);
}

/** States in which the private half is still needed. */
const living: ReadonlySet<SigningKeyState> = new Set(['created', 'offered', 'current', 'retiring']);

/** What time alone does to a key; undefined while nothing is due. */
export function due(key: KeyLife, now: Date): 'expired' | 'retired' | 'destroyed' | undefined {
  if (living.has(key.state) && key.notAfter <= now) return 'expired';
  if (key.state === 'retired') return 'destroyed';
  if (key.state !== 'retiring') return undefined;
  const quietSince = Math.max(key.retiringSince?.getTime() ?? 0, key.lastUsedAt?.getTime() ?? 0);
  return now.getTime() - quietSince > unusedMs ? 'retired' : undefined;
}

/** Order of trying: the current key, then what may have been uploaded meanwhile, then what is on its way out, last what nobody said they take to Salesforce. */
const turn: Partial<Record<SigningKeyState, number>> = { current: 0, offered: 1, retiring: 2, created: 3 };
/** States of keys that may sign. */
export const signingStates: readonly SigningKeyState[] = ['current', 'offered', 'retiring', 'created'];

/** Keys that may sign now, the first one first. Reading a certificate leaves no trace, so one that was only made may be at Salesforce as well. */
export function signingOrder<K extends KeyLife>(keys: readonly K[], now: Date): readonly K[] {
  return keys.filter(({ state, notAfter }) => turn[state] !== undefined && notAfter > now)
    .toSorted((a, b) => (turn[a.state] ?? 0) - (turn[b.state] ?? 0) || b.createdAt.getTime() - a.createdAt.getTime());
}
