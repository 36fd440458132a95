// The certificate library asks for it.
import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

const dayMs = 24 * 60 * 60_000;

/** A key pair as an administrator has it from elsewhere: private key and a certificate of ninety days, both PEM. */
export async function ownKeyPair(commonName: string): Promise<{ readonly key: string; readonly certificate: string }> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: `CN=${commonName}`, notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 90 * dayMs), signingAlgorithm: algorithm, keys });
  return { key: String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })), certificate: certificate.toString('pem') };
}
