import type { SigningKey } from '@tributary/api-contracts';
import { daysLeft } from './key-life.ts';
import type { SigningKeyRow } from './signing-key.entity.ts';

/** What people see of a key: everything but the private half, which is not here at all. */
export function signingKeyView(key: SigningKeyRow, now: Date): SigningKey {
  const { id, state, origin, bits, fingerprint, serialNumber, subject, notBefore, notAfter, createdAt, lastUsedAt } = key;
  return {
    id, state, origin, bits, fingerprint, serialNumber, subject, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString(), daysLeft: daysLeft(key, now),
    createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
