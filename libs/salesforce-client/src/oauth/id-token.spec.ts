import { Secret } from '@tributary/failures';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import { verifyIdToken } from './id-token.ts';

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
const expected = { clientId: 'the-app', nonce: 'the-nonce', orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA', mayLackKeys: false };
const subject = `https://login.salesforce.com/id/${expected.orgId}/${expected.userId}`;
let ours: { key: Key; jwk: JWK };
let theirs: { key: Key; jwk: JWK };

async function aKey(): Promise<{ key: Key; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid: '1', use: 'sig', alg: 'RS256' } };
}

beforeAll(async () => {
  [ours, theirs] = await Promise.all([aKey(), aKey()]);
});

async function aLoginHost(discovery: Record<string, unknown> = {}, keys?: unknown): Promise<LocalServer> {
  const server: LocalServer = await aServer((request, response) => json(response, 200, request.url === '/id/keys' ? (keys ?? { keys: [ours.jwk] }) : { issuer: server.origin, jwks_uri: `${server.origin}/id/keys`, ...discovery }));
  return server;
}

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string | undefined;
  readonly nonce?: string | undefined;
  readonly exp?: number | undefined;
}
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

function aToken({ origin }: LocalServer, claims: Claims = {}, key = ours.key, header: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ iss: origin, aud: expected.clientId, sub: subject, nonce: expected.nonce, exp: inSeconds(120), ...claims }).setProtectedHeader({ alg: 'RS256', kid: '1', ...header }).sign(key);
}

it('accepts a token of the pinned login host', async () => {
  const host = await aLoginHost();
  await expect(verifyIdToken(host.http, host.origin, Secret.of(await aToken(host)), expected)).resolves.toMatchObject({ nonce: expected.nonce });
});

it('tolerates a minute between the clocks', async () => {
  const host = await aLoginHost();
  await expect(verifyIdToken(host.http, host.origin, Secret.of(await aToken(host, { exp: inSeconds(-30) })), expected)).resolves.toMatchObject({ nonce: expected.nonce });
});

describe('a token', () => {
  it.each<[string, (host: LocalServer) => Promise<string> | string]>([
    ['signed by another key', (host) => aToken(host, {}, theirs.key)],
    ['that brings its own key along', (host) => aToken(host, {}, theirs.key, { jwk: theirs.jwk })],
    ['that names a place for its key', (host) => aToken(host, {}, theirs.key, { jku: `${host.origin}/evil/keys` })],
    ['without signature', (host) => new UnsecuredJWT({ iss: host.origin, aud: expected.clientId, sub: subject, nonce: expected.nonce, exp: inSeconds(120) }).encode()],
    ['signed with the public key as a shared secret', (host) => new SignJWT({ iss: host.origin, aud: expected.clientId, sub: subject, nonce: expected.nonce, exp: inSeconds(120) }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(JSON.stringify(ours.jwk)))],
    ['whose claims were changed afterwards', async (host) => {
      const [head, , tail] = (await aToken(host)).split('.');
      return `${head}.${Buffer.from(JSON.stringify({ iss: host.origin, aud: expected.clientId, sub: subject, nonce: expected.nonce, exp: inSeconds(9_999) })).toString('base64url')}.${tail}`;
    }],
    ['of another issuer', (host) => aToken(host, { iss: 'https://login.salesforce.com' })],
    ['for another app', (host) => aToken(host, { aud: 'another-app' })],
    ['of another sign-in', (host) => aToken(host, { nonce: 'another-nonce' })],
    ['without nonce', (host) => aToken(host, { nonce: undefined })],
    ['of another user', (host) => aToken(host, { sub: subject.replace('Xyz', 'Xyy') })],
    ['of another org', (host) => aToken(host, { sub: subject.replace('abc', 'abd') })],
    ['without subject', (host) => aToken(host, { sub: undefined })],
    ['that ended', (host) => aToken(host, { exp: inSeconds(-90) })],
    ['without end', (host) => aToken(host, { exp: undefined })],
    ['that is no token', () => 'eyJhbGciOiJSUzI1NiJ9.e30'],
    ['that is empty', () => ''],
  ])('%s is refused', async (_name, make) => {
    const host = await aLoginHost();
    expect(await rejectionOf(verifyIdToken(host.http, host.origin, Secret.of(await make(host)), expected))).toMatchObject({ reason: 'signature-invalid' });
    expect(host.requests.map(({ url }) => url)).not.toContain('/evil/keys');
  });
});

describe('a login host', () => {
  it.each([
    ['that names another issuer', { issuer: 'https://login.salesforce.com' }],
    ['whose issuer is no address', { issuer: 'x' }],
    ['that keeps its keys under another path', { jwks_uri: 'https://login.salesforce.com/services/data' }],
    ['whose key address is broken', { jwks_uri: 'http://[' }],
  ])('%s is refused', async (_name, discovery) => {
    const host = await aLoginHost(discovery);
    expect(await rejectionOf(verifyIdToken(host.http, host.origin, Secret.of(await aToken(host)), expected))).toMatchObject({ reason: 'signature-invalid' });
  });

  it('elsewhere is not asked for keys: the path counts, on the pinned origin', async () => {
    const elsewhere = await aLoginHost();
    const host = await aLoginHost({ jwks_uri: `${elsewhere.origin}/id/keys` });
    await verifyIdToken(host.http, host.origin, Secret.of(await aToken(host)), expected);
    expect(elsewhere.requests).toEqual([]);
  });

  it('that publishes no keys vouches for its tokens only where the operator named it, and then as well for nobody else', async () => {
    const host: LocalServer = await aServer((request, response) => json(response, request.url === '/id/keys' ? 404 : 200, { issuer: host.origin, jwks_uri: `${host.origin}/id/keys` }));
    const [token, another] = await Promise.all([aToken(host), aToken(host, { sub: subject.replace('Xyz', 'Xyy') })]);
    expect(await rejectionOf(verifyIdToken(host.http, host.origin, Secret.of(token), expected))).toMatchObject({ reason: 'as-unavailable' });
    await expect(verifyIdToken(host.http, host.origin, Secret.of(token), { ...expected, mayLackKeys: true })).resolves.toMatchObject({ nonce: expected.nonce });
    expect(await rejectionOf(verifyIdToken(host.http, host.origin, Secret.of(another), { ...expected, mayLackKeys: true }))).toMatchObject({ reason: 'signature-invalid' });
  });

  it.each([[{ keys: [] }], [{}], ['<html>']])('without usable keys (%j) is asked again later', async (keys) => {
    const host = await aLoginHost({}, keys);
    expect(await rejectionOf(verifyIdToken(host.http, host.origin, Secret.of(await aToken(host)), expected))).toMatchObject({ reason: 'as-unavailable' });
  });
});
