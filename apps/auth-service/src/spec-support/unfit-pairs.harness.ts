import { generateKeyPairSync } from 'node:crypto';
import type { KeyPairProblem } from '../signing-key/import-key-pair.ts';
import type { KeyPair } from '../signing-key/key-pair.ts';

/** A key and a certificate that are brought along and do not fit. */
export interface UnfitPair {
  readonly what: string;
  readonly problem: KeyPairProblem;
  /** What is said of it. */
  readonly says: string;
  readonly pair: () => readonly [key: string, certificate: string];
  /** Days after the pair was made; on the day itself when absent. */
  readonly afterDays?: number;
}

const encrypted = (): string => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } }).privateKey;
const plain = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const unreadable = 'The private key is not an unencrypted PEM key (PKCS #8 or PKCS #1).';
const notOne = 'The certificate is not one X.509 certificate in PEM.';

/** @param pairs made on the same day */
export function unfitPairs(pairs: () => { readonly ours: KeyPair; readonly other: KeyPair }): readonly UnfitPair[] {
  const key = (): string => pairs().ours.privateKey.reveal();
  const certificate = (): string => pairs().ours.certificate;
  return [
    { what: "another key's certificate", problem: 'does-not-match', says: 'The certificate belongs to another private key.', pair: () => [key(), pairs().other.certificate] },
    { what: 'an expired certificate', problem: 'expired', says: 'The certificate has expired.', pair: () => [key(), certificate()], afterDays: 366 },
    { what: 'a certificate of the future', problem: 'not-yet-valid', says: 'The certificate is not valid yet.', pair: () => [key(), certificate()], afterDays: -1 },
    { what: 'a key of 1024 bits', problem: 'too-short', says: 'The RSA key has fewer than 2048 bits.', pair: () => [plain(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), certificate()] },
    { what: 'an elliptic key', problem: 'not-rsa', says: 'The key is not an RSA key; Salesforce verifies RS256 only.', pair: () => [plain(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), certificate()] },
    { what: 'an encrypted key', problem: 'key-unreadable', says: unreadable, pair: () => [encrypted(), certificate()] },
    { what: 'a certificate in place of the key', problem: 'key-unreadable', says: unreadable, pair: () => [certificate(), certificate()] },
    { what: 'no certificate', problem: 'certificate-unreadable', says: notOne, pair: () => [key(), 'hello'] },
    { what: 'a key in place of the certificate', problem: 'certificate-unreadable', says: notOne, pair: () => [key(), key()] },
    { what: 'a chain of two', problem: 'certificate-unreadable', says: notOne, pair: () => [key(), certificate() + pairs().other.certificate] },
    { what: 'a broken certificate', problem: 'certificate-unreadable', says: notOne, pair: () => [key(), certificate().replace(/[A-Za-z0-9+/]{40}\n-----END/, 'AAAA\n-----END')] },
    { what: 'a certificate of more than 4 KB', problem: 'too-large', says: 'The certificate is larger than 4 KB; Salesforce refuses it.', pair: () => [key(), certificate().replace('\n-----END', `${'\n'.repeat(4_000)}-----END`)] },
  ];
}
