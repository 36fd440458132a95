import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { Secret } from '@tributary/failures';
import { describe, expect, it } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import { TokenClient } from './token-client.ts';

const clientSecret = 'the-app-secret';
const id = 'https://login.salesforce.com/id/00DXX0000001abcEAA/005XX0000001XyzAAA';
const issuedAt = '1795430400123';
const signature = createHmac('sha256', clientSecret).update(id + issuedAt).digest('base64');
const refreshToken = Secret.of('5Aep861EXAMPLEexample');

function anAnswer(server: Pick<LocalServer, 'origin'>, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { access_token: '00DXX0000001abc!AQEAQ.token', refresh_token: '5AepROTATED', instance_url: server.origin, id, token_type: 'Bearer', issued_at: issuedAt, signature, scope: 'refresh_token api id', ...more };
}

/** A token endpoint with one answer, and the client for it. */
async function anEndpoint(status: number, body: (server: Pick<LocalServer, 'origin'>) => unknown): Promise<LocalServer & { tokens: TokenClient }> {
  let origin = '';
  const server = await aServer((_request, response) => json(response, status, body({ origin })));
  origin = server.origin;
  return { ...server, tokens: new TokenClient(server.http, server.hostRules, { clientId: 'the-app', clientSecret: Secret.of(clientSecret) }) };
}

/** Everything a log could show of an error. */
const shown = (error: unknown): string => inspect(error, { depth: 20, showHidden: true });

describe('a refresh', () => {
  it('gives the new tokens, unprintable, and the address of the data', async () => {
    const { tokens, origin } = await anEndpoint(200, anAnswer);
    const set = await tokens.refresh(origin, refreshToken);
    expect(set).toMatchObject({ instanceUrl: origin, identityUrl: id, orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA', scopes: ['refresh_token', 'api', 'id'], issuedAt: new Date(1795430400123) });
    expect([set.accessToken.reveal(), set.refreshToken?.reveal(), set.idToken]).toEqual(['00DXX0000001abc!AQEAQ.token', '5AepROTATED', undefined]);
    expect(shown(set)).not.toMatch(/AQEAQ|5AepROTATED/);
  });

  it('presents the token once, form-encoded, with the secret of the app', async () => {
    const { tokens, origin, requests } = await anEndpoint(200, anAnswer);
    await tokens.refresh(origin, refreshToken);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/services/oauth2/token', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({ grant_type: 'refresh_token', refresh_token: '5Aep861EXAMPLEexample', client_id: 'the-app', client_secret: clientSecret });
  });

  it('keeps a public app from sending a secret', async () => {
    const server = await anEndpoint(200, anAnswer);
    const tokens = new TokenClient(server.http, server.hostRules, { clientId: 'the-app', clientSecret: undefined });
    await tokens.refresh(server.origin, refreshToken);
    expect(server.requests[0]?.body).not.toContain('client_secret');
  });

  it('uses a socket of its own that is closed afterwards', async () => {
    const server = await anEndpoint(200, anAnswer);
    const closed = once(server.server, 'connection').then(([socket]) => once(socket, 'close'));
    await server.tokens.refresh(server.origin, refreshToken);
    await closed;
  });

  it('without a rotated token tells so', async () => {
    const { tokens, origin } = await anEndpoint(200, (server) => anAnswer(server, { refresh_token: undefined }));
    expect((await tokens.refresh(origin, refreshToken)).refreshToken).toBeUndefined();
  });
});

it('exchanges a code with its verifier and exactly the callback', async () => {
  const { tokens, origin, requests } = await anEndpoint(200, anAnswer);
  await tokens.exchangeCode(origin, 'aPrxCODE==', 'v'.repeat(64), 'http://localhost:3000/connect/salesforce/callback');
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    grant_type: 'authorization_code', code: 'aPrxCODE==', code_verifier: 'v'.repeat(64), redirect_uri: 'http://localhost:3000/connect/salesforce/callback', client_id: 'the-app', client_secret: clientSecret,
  });
});

describe('the signature', () => {
  const flipped = Buffer.from(signature, 'base64');
  flipped[7] = (flipped[7] ?? 0) ^ 1;

  it.each([
    ['has one bit flipped', { signature: flipped.toString('base64') }],
    ['is cut', { signature: signature.slice(0, 20) }],
    ['is empty', { signature: '' }],
    ['is of another app', { signature: createHmac('sha256', 'other').update(id + issuedAt).digest('base64') }],
    ['stands over another user', { id: id.replace('XyzAAA', 'XyzAAB') }],
    ['stands over another time', { issued_at: '1795430400124' }],
  ])('refuses the answer when it %s', async (_name, change) => {
    const { tokens, origin } = await anEndpoint(200, (server) => anAnswer(server, change));
    expect(await rejectionOf(tokens.refresh(origin, refreshToken))).toMatchObject({ reason: 'signature-invalid' });
  });

  it('may be missing, as in the answer of the JWT flow', async () => {
    const { tokens, origin } = await anEndpoint(200, (server) => anAnswer(server, { signature: undefined, issued_at: undefined }));
    expect((await tokens.refresh(origin, refreshToken)).orgId).toBe('00DXX0000001abcEAA');
  });
});

describe('an answer that does not fit', () => {
  it.each([
    ['an org elsewhere', { instance_url: 'https://evil.example' }, { code: 'HOST_NOT_ALLOWED' }],
    ['plain http', { instance_url: 'http://acme.my.salesforce.com' }, { code: 'HOST_NOT_ALLOWED' }],
    ['an identity without user', { id: 'https://login.salesforce.com/id/00DXX0000001abcEAA' }, { reason: 'signature-invalid' }],
    ['ids of something else', { id: 'https://login.salesforce.com/id/001XX0000001abcEAA/003XX0000001XyzAAA' }, { reason: 'signature-invalid' }],
    ['no access token', { access_token: '' }, { code: 'REFRESH_AMBIGUOUS' }],
    ['a word for issued_at', { issued_at: 'now' }, { code: 'REFRESH_AMBIGUOUS' }],
  ])('is refused: %s', async (_name, change, expected) => {
    const { tokens, origin } = await anEndpoint(200, (server) => anAnswer(server, { ...change, signature: undefined }));
    const error = await rejectionOf(tokens.refresh(origin, refreshToken));
    expect(error).toMatchObject(expected);
    expect(shown(error)).not.toMatch(/AQEAQ|5Aep|the-app-secret/);
  });

  it.each([
    [400, '{"error":"invalid_grant","error_description":"expired access/refresh token","hint":"5AepLEAK"}'],
    [400, '<html>5AepLEAK</html>'],
    [500, '5AepLEAK'],
    [200, '{"access_token":"00DXX!5AepLEAK","instance_url":'],
    [200, '<html>5AepLEAK</html>'],
  ])('never gets into an error: %i %j', async (status, body) => {
    const { tokens, origin } = await anEndpoint(status, () => body);
    const error = await rejectionOf(tokens.refresh(origin, refreshToken));
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).not.toMatch(/5AepLEAK|5Aep861|the-app-secret/);
  });
});

describe('a lost answer', () => {
  it.each([
    ['when the connection breaks after the request', (response: ServerResponse) => void response.destroy()],
    ['when the body is cut', (response: ServerResponse) => void response.writeHead(200, { 'content-length': '900' }).write('{"access_token":"00DXX!5AepLEAK', () => response.destroy())],
  ])('is ambiguous %s', async (_name, answer) => {
    const server = await aServer((_request, response) => answer(response));
    const tokens = new TokenClient(server.http, server.hostRules, { clientId: 'the-app', clientSecret: Secret.of(clientSecret) });
    const error = await rejectionOf(tokens.refresh(server.origin, refreshToken));
    expect(error).toMatchObject({ code: 'REFRESH_AMBIGUOUS', kind: 'unavailable' });
    expect(shown(error)).not.toMatch(/5Aep|the-app-secret/);
    expect(server.requests).toHaveLength(1);
  });

  it('is not ambiguous when the request never left', async () => {
    const server = await aServer(() => undefined);
    server.server.close();
    await once(server.server, 'close');
    const tokens = new TokenClient(server.http, server.hostRules, { clientId: 'the-app', clientSecret: undefined });
    expect(await rejectionOf(tokens.refresh(server.origin, refreshToken))).toMatchObject({ code: 'SALESFORCE_UNREACHABLE', details: { sent: false } });
  });
});

it.each([[200, true], [400, true], [404, true], [500, false], [503, false]])('takes a revocation answered with %i for done: %s', async (status, done) => {
  const { tokens, origin, requests } = await anEndpoint(status, () => ({}));
  expect(await tokens.revoke(origin, refreshToken)).toBe(done);
  expect(requests[0]).toMatchObject({ url: '/services/oauth2/revoke', body: 'token=5Aep861EXAMPLEexample' });
});

describe('an assertion', () => {
  const bearerAnswer = (server: Pick<LocalServer, 'origin'>) => anAnswer(server, { refresh_token: undefined, issued_at: undefined, signature: undefined });

  it('is presented alone: neither client id nor secret goes with it', async () => {
    const { tokens, origin, requests } = await anEndpoint(200, bearerAnswer);
    await tokens.assert(origin, Secret.of('head.claims.signature'));
    expect(requests).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'head.claims.signature' });
  });

  it('gives an access token without refresh token, issued now', async () => {
    const { tokens, origin } = await anEndpoint(200, bearerAnswer);
    const before = Date.now();
    const set = await tokens.assert(origin, Secret.of('head.claims.signature'));
    expect([set.accessToken.reveal(), set.refreshToken, set.orgId]).toEqual(['00DXX0000001abc!AQEAQ.token', undefined, '00DXX0000001abcEAA']);
    expect(set.issuedAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('that is refused says why, and neither it nor the answer is in the error', async () => {
    const { tokens, origin } = await anEndpoint(400, () => ({ error: 'invalid_grant', error_description: 'invalid assertion' }));
    const error = await rejectionOf(tokens.assert(origin, Secret.of('head.claims.signature')));
    expect(error).toMatchObject({ reason: 'certificate-mismatch', who: 'admin' });
    expect(shown(error)).not.toContain('head.claims');
  });
});
