import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { SigningKeyState } from '@tributary/api-contracts';

/** A key pair of the app: the certificate and its life; the private half is in the vault under the key's own id. */
export const SigningKeyTable = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_key',
  properties: {
    id: p.uuid().primary(),
    state: p.string().$type<SigningKeyState>(),
    origin: p.string().$type<'generated' | 'imported'>(),
    bits: p.integer(),
    /** SHA-256 of the certificate, hexadecimal with colons. */
    fingerprint: p.string(),
    serialNumber: p.string(),
    subject: p.string(),
    /** PEM. */
    certificate: p.text(),
    notBefore: p.datetime(),
    notAfter: p.datetime(),
    createdAt: p.datetime(),
    /** Person and workspace; null for a successor of such a key. */
    madeBy: p.uuid().nullable(),
    madeIn: p.uuid().nullable(),
    retiringSince: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
  },
});
export type SigningKeyRow = InferEntity<typeof SigningKeyTable>;
