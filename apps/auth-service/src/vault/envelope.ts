import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

// The only file of the product with ciphers. AES-256-GCM; bytes are: format 1, IV of 12, tag of 16, ciphertext.
const algorithm = 'aes-256-gcm';
const format = 1;
const ivBytes = 12;
const tagBytes = 16;

/** A new key of 256 random bits. */
export function newKey(): Buffer {
  return randomBytes(32);
}

/**
 * Encrypts under a fresh random IV.
 * @param context what the bytes belong to; opening with any other context fails
 */
export function sealBytes(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(format), iv, cipher.getAuthTag(), body]);
}

/** Decrypts what `sealBytes` made. @throws Error when key, context or any byte differs */
export function openBytes(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 1 + ivBytes + tagBytes || bytes[0] !== format) throw new Error('sealed bytes are not of a known format');
  // Without authTagLength Node accepts a tag of four bytes.
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(1, 1 + ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(1 + ivBytes, 1 + ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(1 + ivBytes + tagBytes)), decipher.final()]);
}
