import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { Secret } from '@tributary/failures';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateKeyPair } from './generate-key-pair.ts';
import { importKeyPair, type KeyPairProblem } from './import-key-pair.ts';
import { largestCertificateBytes, type KeyPair } from './key-pair.ts';

const now = new Date('2026-11-25T12:00:00Z');
const later = (years: number): Date => new Date(now.getTime() + years * 366 * 24 * 60 * 60_000);

let ours: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [ours, other] = await Promise.all([generateKeyPair(2048, now), generateKeyPair(2048, now)]);
});

it('makes a certificate as Salesforce wants it: X.509 v3, SHA-256, for signatures, a year long, under 4 KB', () => {
  const certificate = new X509Certificate(ours.certificate);
  expect(certificate).toMatchObject({ signatureAlgorithm: 'sha256WithRSAEncryption', ca: false, validFromDate: now, validToDate: new Date('2027-11-25T12:00:00Z') });
  expect(certificate.toLegacyObject()).toMatchObject({ bits: 2048 });
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.subject).toBe('CN=Tributary\nOU=JWT bearer');
  expect(Buffer.byteLength(ours.certificate)).toBeLessThanOrEqual(largestCertificateBytes);
  expect(ours.privateKey.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});

it('gives every certificate another serial number, positive and of 128 bits', () => {
  const numbers = [ours, other].map(({ certificate }) => new X509Certificate(certificate).serialNumber);
  expect(new Set(numbers).size).toBe(2);
  for (const number of numbers) expect(number).toMatch(/^[4-7][0-9A-F]{31}$/);
});

it('stays under 4 KB with a key of 4096 bits', async () => {
  const pair = await generateKeyPair(4096, now);
  expect([pair.bits, Buffer.byteLength(pair.certificate) <= largestCertificateBytes]).toEqual([4096, true]);
}, 60_000);

describe('a pair that is brought along', () => {
  it('is taken as PKCS #8 and as PKCS #1', () => {
    const pkcs1 = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
    expect(importKeyPair(ours.privateKey, ours.certificate, now)).toMatchObject({ origin: 'imported', bits: 2048, certificate: ours.certificate });
    // The key is readable; what does not fit is only that this certificate is not its own.
    expect(problemOf(() => importKeyPair(Secret.of(pkcs1.privateKey), ours.certificate, now))).toBe('does-not-match');
  });

  const encrypted = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } }).privateKey;
  const plain = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  it.each<[string, KeyPairProblem, () => [key: string, certificate: string, at?: Date]]>([
    ["another key's certificate", 'does-not-match', () => [ours.privateKey.reveal(), other.certificate]],
    ['an expired certificate', 'expired', () => [ours.privateKey.reveal(), ours.certificate, later(2)]],
    ['a certificate of the future', 'not-yet-valid', () => [ours.privateKey.reveal(), ours.certificate, new Date('2026-11-24T00:00:00Z')]],
    ['a key of 1024 bits', 'too-short', () => [plain(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), ours.certificate]],
    ['an elliptic key', 'not-rsa', () => [plain(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), ours.certificate]],
    ['an encrypted key', 'key-unreadable', () => [encrypted(), ours.certificate]],
    ['a certificate in place of the key', 'key-unreadable', () => [ours.certificate, ours.certificate]],
    ['no certificate', 'certificate-unreadable', () => [ours.privateKey.reveal(), 'hello']],
    ['a key in place of the certificate', 'certificate-unreadable', () => [ours.privateKey.reveal(), ours.privateKey.reveal()]],
    ['a chain of two', 'certificate-unreadable', () => [ours.privateKey.reveal(), ours.certificate + other.certificate]],
    ['a broken certificate', 'certificate-unreadable', () => [ours.privateKey.reveal(), ours.certificate.replace(/[A-Za-z0-9+/]{40}\n-----END/, 'AAAA\n-----END')]],
    ['a certificate of more than 4 KB', 'too-large', () => [ours.privateKey.reveal(), ours.certificate.replace('\n-----END', `${'\n'.repeat(4_000)}-----END`)]],
  ])('is refused with %s', (_what, problem, given) => {
    const [key, certificate, at = now] = given();
    expect(problemOf(() => importKeyPair(Secret.of(key), certificate, at))).toBe(problem);
  });
});

/** What did not fit; nothing of the key is in the failure. */
function problemOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'SIGNING_KEY_INVALID', kind: 'invalid-input' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('PRIVATE KEY');
    return (error as { details: { problem: unknown } }).details.problem;
  }
  return undefined;
}
