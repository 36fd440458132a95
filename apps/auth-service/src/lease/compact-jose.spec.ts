import { generateKeyPairSync } from 'node:crypto';
import { compactDecrypt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { concatKdf, encryptedJwt, signedJwt } from './compact-jose.ts';

const signer = generateKeyPairSync('ed25519');
const recipient = generateKeyPairSync('x25519');
const only = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] };
const opened = async (jwe: string): Promise<string> => new TextDecoder().decode((await compactDecrypt(jwe, recipient.privateKey, only)).plaintext);

it('derives the key of the example in RFC 7518, appendix C', () => {
  const secret = Buffer.from([158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196]);
  expect(concatKdf(secret, 'A128GCM', ['Alice', 'Bob'], 128).toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg');
});

describe('a lease', () => {
  it('is verified and opened by jose', async () => {
    const jwt = signedJwt({ iss: 'auth-service', aud: 'ingest-service', exp: Math.floor(Date.now() / 1_000) + 60, accessToken: '00D!ünïcode' }, signer.privateKey);
    const { payload, protectedHeader } = await jwtVerify(await opened(encryptedJwt(jwt, recipient.publicKey)), signer.publicKey, { issuer: 'auth-service', audience: 'ingest-service', algorithms: ['EdDSA'] });
    expect([payload['accessToken'], protectedHeader]).toEqual(['00D!ünïcode', { alg: 'EdDSA', typ: 'JWT' }]);
  });

  it('of any length opens', async () => {
    for (const length of [0, 1, 15, 16, 17, 4_000]) expect(await opened(encryptedJwt('x'.repeat(length), recipient.publicKey))).toBe('x'.repeat(length));
  });

  it('does not open when a character of any part is changed, nor with another key', async () => {
    const jwe = encryptedJwt('a lease', recipient.publicKey);
    const parts = jwe.split('.');
    for (let index = 0; index < 5; index += 1) {
      const changed = parts.map((text, at) => (at === index ? `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}` : text)).join('.');
      await expect(opened(changed)).rejects.toThrow();
    }
    await expect(compactDecrypt(jwe, generateKeyPairSync('x25519').privateKey, only)).rejects.toThrow();
  });

  it('shares nothing with the next one: ephemeral key, content key and IV are new', () => {
    const [first, second] = [encryptedJwt('a lease', recipient.publicKey).split('.'), encryptedJwt('a lease', recipient.publicKey).split('.')];
    expect(first.map((text, index) => text === second[index])).toEqual([false, false, false, false, false]);
  });
});
