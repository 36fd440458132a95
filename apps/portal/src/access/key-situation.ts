import type { SigningKey } from '@tributary/api-contracts';

/** Days before the end of a certificate at which the successor should be made. */
export const renewFromDays = 60;

/** Where the keys of the app stand. */
export type KeySituation =
  | { readonly kind: 'none' }
  /** Made, and not accepted by Salesforce yet. */
  | { readonly kind: 'first'; readonly key: SigningKey }
  | { readonly kind: 'settled'; readonly key: SigningKey; readonly renew: 'not-yet' | 'soon' | 'ended' }
  /** The present key signs until Salesforce accepts the next one. */
  | { readonly kind: 'rolling'; readonly current: SigningKey; readonly next: SigningKey };

/** @param keys newest first */
export function keySituationOf(keys: readonly SigningKey[]): KeySituation {
  const next = keys.find(({ state }) => state === 'created' || state === 'offered');
  const current = keys.find(({ state }) => state === 'current');
  if (current !== undefined && next !== undefined) return { kind: 'rolling', current, next };
  if (next !== undefined) return { kind: 'first', key: next };
  if (current !== undefined) return { kind: 'settled', key: current, renew: current.daysLeft <= 0 ? 'ended' : current.daysLeft <= renewFromDays ? 'soon' : 'not-yet' };
  const expired = keys.find(({ state }) => state === 'expired');
  return expired === undefined ? { kind: 'none' } : { kind: 'settled', key: expired, renew: 'ended' };
}

/** The key whose certificate Salesforce has to be given now. */
export function keyToUpload(situation: KeySituation): SigningKey | undefined {
  switch (situation.kind) {
    case 'none':
      return undefined;
    case 'rolling':
      return situation.next;
    case 'first':
    case 'settled':
      return situation.key;
    default:
      return situation satisfies never;
  }
}

/** How a key is called where its whole fingerprint would be too long. */
export function shortFingerprint(keys: readonly Pick<SigningKey, 'id' | 'fingerprint'>[], id: string): string {
  return keys.find((key) => key.id === id)?.fingerprint.slice(0, 14).concat('…') ?? id.slice(0, 8);
}
