// The certificate library asks for it, also where no Nest module was loaded before.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509';
import { Secret } from '@tributary/failures';
import { exportPKCS8 } from 'jose';
import type { KeyPair } from './key-pair.ts';

const yearMs = 365 * 24 * 60 * 60_000;

/** Makes an RSA key pair and a certificate signed by itself: SHA-256, random serial number, for digital signatures, valid for 365 days. */
export async function generateKeyPair(bits: 2048 | 4096, now: Date): Promise<KeyPair> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1), modulusLength: bits };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(), name: 'CN=Tributary, OU=JWT bearer', notBefore: now, notAfter: new Date(now.getTime() + yearMs), signingAlgorithm: algorithm, keys,
    extensions: [new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
  });
  return { origin: 'generated', bits, privateKey: Secret.of(await exportPKCS8(keys.privateKey)), certificate: `${certificate.toString('pem')}\n` };
}

/** 127 random bits: positive, whatever the first byte is. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
