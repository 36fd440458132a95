import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { InvalidInput, Secret } from '@tributary/failures';
import { largestCertificateBytes, leastBits, type KeyPair } from './key-pair.ts';

const problems = {
  'key-unreadable': 'The private key is not an unencrypted PEM key (PKCS #8 or PKCS #1).',
  'certificate-unreadable': 'The certificate is not one X.509 certificate in PEM.',
  'not-rsa': 'The key is not an RSA key; Salesforce verifies RS256 only.',
  'too-short': 'The RSA key has fewer than 2048 bits.',
  'does-not-match': 'The certificate belongs to another private key.',
  'expired': 'The certificate has expired.',
  'not-yet-valid': 'The certificate is not valid yet.',
  'too-large': 'The certificate is larger than 4 KB; Salesforce refuses it.',
} as const;

/** What does not fit about a key pair that was brought along. */
export type KeyPairProblem = keyof typeof problems;

/**
 * Reads a private key and its certificate.
 * @throws InvalidInput `SIGNING_KEY_INVALID` with `details.problem`, a `KeyPairProblem`
 */
export function importKeyPair(privateKey: Secret<string>, certificate: string, now: Date): KeyPair {
  const key = readKey(privateKey);
  const pem = onePem(certificate);
  if (Buffer.byteLength(pem) > largestCertificateBytes) throw invalid('too-large');
  const read = readCertificate(pem);
  if (key.asymmetricKeyType !== 'rsa') throw invalid('not-rsa');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < leastBits) throw invalid('too-short');
  if (!read.checkPrivateKey(key)) throw invalid('does-not-match');
  if (read.validToDate <= now) throw invalid('expired');
  if (read.validFromDate > now) throw invalid('not-yet-valid');
  return { origin: 'imported', bits, privateKey: Secret.of(key.export({ type: 'pkcs8', format: 'pem' }).toString()), certificate: pem };
}

function readKey(pem: Secret<string>): KeyObject {
  try {
    return createPrivateKey(pem.reveal());
  } catch {
    // The text may be a private key: it must not become the cause of an error.
    throw invalid('key-unreadable');
  }
}

/** Only the first certificate counts at Salesforce: a chain would silently be another one than people think. */
function onePem(text: string): string {
  const found = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  const [pem] = found;
  if (pem === undefined || found.length > 1) throw invalid('certificate-unreadable');
  return `${pem}\n`;
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw invalid('certificate-unreadable');
  }
}

function invalid(problem: KeyPairProblem): InvalidInput {
  return new InvalidInput('SIGNING_KEY_INVALID', problems[problem], { details: { problem }, action: 'Bring a matching pair: an RSA key of at least 2048 bits and its certificate.' });
}
