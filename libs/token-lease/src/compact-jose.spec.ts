import { generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, CompactSign, SignJWT, compactDecrypt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { agreeWith, concatKdf, encryptedJwt, LeaseOpener, signedJwt, verifiedJwt } from './compact-jose.ts';

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
    const { payload, protectedHeader } = await jwtVerify(await opened(encryptedJwt(jwt, agreeWith(recipient.publicKey))), signer.publicKey, { issuer: 'auth-service', audience: 'ingest-service', algorithms: ['EdDSA'] });
    expect([payload['accessToken'], protectedHeader]).toEqual(['00D!ünïcode', { alg: 'EdDSA', typ: 'JWT' }]);
  });

  it('of any length opens', async () => {
    for (const length of [0, 1, 15, 16, 17, 4_000]) expect(await opened(encryptedJwt('x'.repeat(length), agreeWith(recipient.publicKey)))).toBe('x'.repeat(length));
  });

  it('does not open when a character of any part is changed, nor with another key', async () => {
    const jwe = encryptedJwt('a lease', agreeWith(recipient.publicKey));
    const parts = jwe.split('.');
    for (let index = 0; index < 5; index += 1) {
      const changed = parts.map((text, at) => (at === index ? `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}` : text)).join('.');
      await expect(opened(changed)).rejects.toThrow();
    }
    await expect(compactDecrypt(jwe, generateKeyPairSync('x25519').privateKey, only)).rejects.toThrow();
  });

  it('shares a key agreement with those made beside it and nothing else: content key and IV are new, and each opens', async () => {
    const agreement = agreeWith(recipient.publicKey);
    const [first, second] = [encryptedJwt('a lease', agreement), encryptedJwt('a lease', agreement)];
    expect(first.split('.').map((text, index) => text === second.split('.')[index])).toEqual([true, false, false, false, false]);
    expect([await opened(first), await opened(second)]).toEqual(['a lease', 'a lease']);
    expect(agreeWith(recipient.publicKey).wrappingKey.equals(agreement.wrappingKey)).toBe(false);
  });
});

describe('an opener', () => {
  const made = async (header: { alg: string; enc: string; [more: string]: unknown } = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' }, key = recipient.publicKey): Promise<string> =>
    new CompactEncrypt(Buffer.from('a lease')).setProtectedHeader(header).encrypt(key, { crit: { b64: true } });

  it('opens what jose makes, and what shares an agreement', async () => {
    const opener = new LeaseOpener(recipient.privateKey);
    const agreement = agreeWith(recipient.publicKey);
    expect([opener.open(await made()), opener.open(encryptedJwt('one', agreement)), opener.open(encryptedJwt('another', agreement)), opener.open(await made())]).toEqual(['a lease', 'one', 'another', 'a lease']);
  });

  it('refuses what is changed in any part, also after it has opened the same', async () => {
    const opener = new LeaseOpener(recipient.privateKey);
    const jwe = await made();
    const parts = jwe.split('.');
    expect(opener.open(jwe)).toBe('a lease');
    for (let index = 0; index < 5; index += 1) {
      // Not the last character of the shortest part: some of its bits are none of the content's.
      for (const at of [0, 5, 8]) {
        const changed = parts.map((text, part) => (part === index ? `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}` : text));
        expect(() => opener.open(changed.join('.')), `${index} ${at}`).toThrow();
      }
    }
  });

  it.each<[string, () => Promise<string>]>([
    ['for another key', () => made(undefined, generateKeyPairSync('x25519').publicKey)],
    ['that wraps no key', () => made({ alg: 'ECDH-ES', enc: 'A256GCM' })],
    ['by another wrapping', () => made({ alg: 'ECDH-ES+A128KW', enc: 'A256GCM' })],
    ['by another content encryption', () => made({ alg: 'ECDH-ES+A256KW', enc: 'A128GCM' })],
    ['by another curve', () => made(undefined, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['with a critical header', () => made({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', crit: ['b64'], b64: true })],
    ['with party infos', () => made({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', apu: 'QQ' })],
    ['with a sixth part', async () => `${await made()}.AAAA`],
    ['with a line break', async () => `${await made()}\n`],
    ['that is none', async () => 'hello'],
  ])('refuses one %s', async (_what, make) => {
    const jwe = await make();
    expect(() => new LeaseOpener(recipient.privateKey).open(jwe)).toThrow();
  });
});

describe('a signed request', () => {
  const claims = { iss: 'ingest-service', jti: 'ünïque' };
  const read = (jws: string): unknown => verifiedJwt(jws, () => signer.publicKey);
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const made = async (header: { alg: string; [more: string]: unknown }, key = signer.privateKey): Promise<string> => new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(key, { crit: { b64: true } });

  it('made by jose is read, and its key is chosen by what it claims', async () => {
    const jws = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).sign(signer.privateKey);
    expect(verifiedJwt(jws, (unverified) => (JSON.stringify(unverified) === JSON.stringify(claims) ? signer.publicKey : recipient.publicKey))).toEqual(claims);
    expect(read(await made({ alg: 'Ed25519', kid: '1' }))).toEqual(claims);
    expect(read(signedJwt(claims, signer.privateKey))).toEqual(claims);
  });

  it('is refused when a character of any part is changed', async () => {
    const parts = (await made({ alg: 'EdDSA' })).split('.');
    for (let index = 0; index < 3; index += 1) {
      for (const at of [0, 5, 20]) {
        const changed = parts.map((text, part) => (part === index ? `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}` : text));
        expect(() => read(changed.join('.')), `${index} ${at}`).toThrow();
      }
    }
  });

  it.each<[string, () => Promise<string>]>([
    ['of another key', () => made({ alg: 'EdDSA' }, generateKeyPairSync('ed25519').privateKey)],
    ['with a critical header', () => made({ alg: 'EdDSA', crit: ['b64'], b64: true })],
    ['that brings its own key', () => made({ alg: 'EdDSA', jwk: signer.publicKey.export({ format: 'jwk' }) })],
    ['that names a place for its key', () => made({ alg: 'EdDSA', jku: 'https://attacker.test/keys' })],
    ['without signature', async () => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    ['that says none and is signed', async () => (await made({ alg: 'EdDSA' })).replace(/^[^.]+/, encoded({ alg: 'none' }))],
    ['signed by the public key as a secret', async () => new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ alg: 'HS512' }).sign(Buffer.from(signer.publicKey.export({ format: 'der', type: 'spki' })))],
    ['with padding', async () => `${await made({ alg: 'EdDSA' })}==`],
    ['with a fourth part', async () => `${await made({ alg: 'EdDSA' })}.AAAA`],
    ['with a line break', async () => `${await made({ alg: 'EdDSA' })}\n`],
    ['whose payload is no JSON', async () => new CompactSign(Buffer.from('hello')).setProtectedHeader({ alg: 'EdDSA' }).sign(signer.privateKey)],
    ['that is empty', async () => ''],
  ])('%s is refused', async (_what, make) => {
    const jws = await make();
    expect(() => read(jws)).toThrow();
  });
});
