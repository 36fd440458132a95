import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { Secret } from '@tributary/failures';
import { beforeAll, describe, expect, it } from 'vitest';
import { unfitPairs } from '../spec-support/unfit-pairs.harness.ts';
import { generateKeyPair } from './generate-key-pair.ts';
import { importKeyPair } from './import-key-pair.ts';
import { largestCertificateBytes, type KeyPair } from './key-pair.ts';

const now = new Date('2026-11-25T12:00:00Z');

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

  it.each(unfitPairs(() => ({ ours, other })))('is refused with $what', ({ problem, pair, afterDays = 0 }) => {
    const [key, certificate] = pair();
    expect(problemOf(() => importKeyPair(Secret.of(key), certificate, new Date(now.getTime() + afterDays * 24 * 60 * 60_000)))).toBe(problem);
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
