import { Secret } from '@tributary/failures';
import { IdTokenForge, tamperings } from '@tributary/testing/id-token-forge';
import type { JWTPayload } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import { verifyIdToken } from './id-token.ts';

const expected = { clientId: 'the-app', nonce: 'the-nonce', orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA', mayLackKeys: false };
const now = (): number => Math.floor(Date.now() / 1_000);

let forge: IdTokenForge;
let host: LocalServer;
let lair: LocalServer;

beforeAll(async () => {
  forge = await IdTokenForge.make();
});

beforeEach(async () => {
  lair = await aServer((_request, response) => json(response, 200, forge.lure));
  host = await aServer((request, response) => json(response, 200, request.url === '/id/keys' ? forge.published : { issuer: host.origin, jwks_uri: `${host.origin}/id/keys` }));
});

const claims = (): JWTPayload => ({ iss: host.origin, aud: expected.clientId, sub: `https://login.salesforce.com/id/${expected.orgId}/${expected.userId}`, nonce: expected.nonce, iat: now(), exp: now() + 120 });
const verify = (token: string): Promise<unknown> => verifyIdToken(host.http, host.origin, Secret.of(token), expected);

it('accepts the untouched token: the cases below fail for what they change', async () => {
  await expect(verify(await forge.signed(claims()))).resolves.toMatchObject({ nonce: expected.nonce });
});

describe('an id token', () => {
  it.each(tamperings)('with %s is refused', async (kind) => {
    expect(await rejectionOf(verify(await forge.tampered(kind, claims(), lair.origin)))).toMatchObject({ reason: 'signature-invalid', kind: 'consent-required' });
    expect(lair.requests).toEqual([]);
  });
});
