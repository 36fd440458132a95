import { X509Certificate } from 'node:crypto';
import { publicKeyOf } from './assertion.ts';
import type { World } from './world.ts';

/** Salesforce takes certificates of less than 4 KB. */
const largestBytes = 4_096;

export interface ShownCertificate {
  readonly subject: string;
  /** SHA-256, hexadecimal with colons; empty for a bare public key. */
  readonly fingerprint: string;
  readonly validTo: string;
}

/**
 * Registers a certificate or public key for assertions.
 * @param mode a real app holds one certificate, so an upload replaces it; `add` keeps what is there
 * @throws Error with a text for people when it cannot be used
 */
export function registerCertificate({ app, tokens }: Pick<World, 'app' | 'tokens'>, pem: string, mode: 'replace' | 'add'): void {
  if (Buffer.byteLength(pem) > largestBytes) throw new Error('The certificate is larger than 4 KB.');
  if (/PRIVATE KEY/.test(pem)) throw new Error('This is a private key. Upload the certificate; the private key belongs nowhere but with its owner.');
  try {
    publicKeyOf(pem);
  } catch {
    throw new Error('This is no X.509 certificate in PEM.');
  }
  app.publicKeys = mode === 'add' ? [...app.publicKeys, pem] : [pem];
  tokens.onChange();
}

/** Takes every certificate away. */
export function removeCertificates({ app, tokens }: Pick<World, 'app' | 'tokens'>): void {
  app.publicKeys = [];
  tokens.onChange();
}

/** What the app page shows of the registered certificates. */
export function shownCertificates({ app }: Pick<World, 'app'>): readonly ShownCertificate[] {
  return app.publicKeys.map((pem) => {
    if (!pem.includes('BEGIN CERTIFICATE')) return { subject: 'public key', fingerprint: '', validTo: '' };
    const { subject, fingerprint256, validTo } = new X509Certificate(pem);
    return { subject: subject.replaceAll('\n', ', '), fingerprint: fingerprint256, validTo };
  });
}
