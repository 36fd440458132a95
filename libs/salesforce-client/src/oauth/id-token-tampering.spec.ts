import { createHmac } from 'node:crypto';
import { Secret } from '@tributary/failures';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import { verifyIdToken } from './id-token.ts';

const expected = { clientId: 'the-app', nonce: 'the-nonce', orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA' };
const now = (): number => Math.floor(Date.now() / 1_000);

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly pem: string;
}

let ours: Pair;
let attacker: Pair;
let host: LocalServer;
let lair: LocalServer;

beforeAll(async () => {
  [ours, attacker] = await Promise.all([aPair('ours'), aPair('ours')]);
});

beforeEach(async () => {
  lair = await aServer((_request, response) => json(response, 200, { keys: [attacker.jwk] }));
  host = await aServer((request, response) => json(response, 200, request.url === '/id/keys' ? { keys: [ours.jwk] } : { issuer: host.origin, jwks_uri: `${host.origin}/id/keys` }));
});

async function aPair(kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }, pem: await exportSPKI(publicKey) };
}

const claims = (more: JWTPayload = {}): JWTPayload => ({ iss: host.origin, aud: expected.clientId, sub: `https://login.salesforce.com/id/${expected.orgId}/${expected.userId}`, nonce: expected.nonce, iat: now(), exp: now() + 120, ...more });
const signed = (more: JWTPayload = {}, { key = ours.privateKey, header = {} }: { key?: CryptoKey; header?: Record<string, unknown> } = {}): Promise<string> => new SignJWT(claims(more)).setProtectedHeader({ alg: 'RS256', kid: 'ours', ...header }).sign(key);
const verify = (token: string): Promise<void> => verifyIdToken(host.http, host.origin, Secret.of(token), expected);

/** Signed with the bytes of the public key as if they were a shared secret; jose refuses to make such a thing. */
function signedByPublicKey(): string {
  const input = [{ alg: 'HS256', kid: 'ours' }, claims()].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${createHmac('sha256', ours.pem).update(input).digest('base64url')}`;
}

/** jose does not sign critical headers it does not know either. */
async function signedWithUnknownCritical(): Promise<string> {
  const { subtle } = globalThis.crypto;
  const input = [{ alg: 'RS256', kid: 'ours', crit: ['unknown'], unknown: true }, claims()].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${Buffer.from(await subtle.sign('RSASSA-PKCS1-v1_5', ours.privateKey, Buffer.from(input))).toString('base64url')}`;
}

it('accepts the untouched token: the cases below fail for what they change', async () => {
  await expect(verify(await signed())).resolves.toBeUndefined();
});

/** The twelve kinds. */
const tampered: readonly (readonly [kind: string, make: () => Promise<string> | string])[] = [
  ['alg none', () => new UnsecuredJWT(claims()).encode()],
  ['HS256 with the public key as secret', signedByPublicKey],
  ['another key under the same id', () => signed({}, { key: attacker.privateKey })],
  ['a key brought along or referred to: jwk', () => signed({}, { key: attacker.privateKey, header: { jwk: attacker.jwk } })],
  ['a key brought along or referred to: jku', () => signed({}, { key: attacker.privateKey, header: { jku: `${lair.origin}/keys` } })],
  ['a key brought along or referred to: x5u', () => signed({}, { key: attacker.privateKey, header: { x5u: `${lair.origin}/certificate` } })],
  ['another issuer', () => signed({ iss: lair.origin })],
  ['another audience', () => signed({ aud: 'another-app' })],
  ['another nonce', () => signed({ nonce: 'of another sign-in' })],
  ['expired', () => signed({ exp: now() - 61 })],
  ['issued in the future', () => signed({ iat: now() + 300, exp: now() + 600 })],
  ['no nonce', () => signed({ nonce: undefined })],
  ['a truncated signature', async () => (await signed()).slice(0, -8)],
  ['a critical header nobody knows', signedWithUnknownCritical],
];

describe('an id token', () => {
  it.each(tampered)('with %s is refused', async (_kind, make) => {
    expect(await rejectionOf(verify(await make()))).toMatchObject({ reason: 'signature-invalid', kind: 'consent-required' });
    expect(lair.requests).toEqual([]);
  });
});
