import { createHmac } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { answerOf, authorizeUrl, exchange, newCode, redirectUri, signIn, tokensOf } from '../testing/person.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
});
beforeEach(() => {
  simulator.revoke();
});
afterAll(async () => {
  await simulator.stop();
});

describe('authorization', () => {
  it('sends the browser back with a code and the state', async () => {
    const callback = new URL(await simulator.approve(authorizeUrl(simulator)));
    expect(callback.origin + callback.pathname).toBe(redirectUri);
    expect(callback.searchParams.get('state')).toBe('the state');
    expect(callback.searchParams.get('code')).toMatch(/^aPrx.*==$/);
  });

  it('tells a denial to the app', async () => {
    const callback = new URL(await simulator.approve(authorizeUrl(simulator), { deny: true }));
    expect(Object.fromEntries(callback.searchParams)).toEqual({ error: 'access_denied', error_description: 'end-user denied authorization', state: 'the state' });
  });

  it.each([
    ['an unknown callback', { redirect_uri: `${redirectUri}/` }, 'error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration'],
    ['an unknown app', { client_id: 'unknown' }, 'error=invalid_client_id&error_description=client%20identifier%20invalid'],
  ])('shows %s on a page and does not redirect', async (_name, change, text) => {
    await expect(simulator.approve(authorizeUrl(simulator, change))).rejects.toThrow(text);
  });

  it.each([
    ['a missing challenge', { code_challenge: '' }, 'invalid_request'],
    ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an unknown scope', { scope: 'api everything' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ])('refuses %s', async (_name, change, error) => {
    const callback = new URL(await simulator.approve(authorizeUrl(simulator, change)));
    expect(callback.searchParams.get('error')).toBe(error);
  });

  it('ends on a page of the org when the app is not installed', async () => {
    simulator.settings.appInstalled = false;
    await expect(simulator.approve(authorizeUrl(simulator))).rejects.toThrow('OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occured');
    simulator.settings.appInstalled = true;
  });

  it('asks for consent once, and again when the app wants it', async () => {
    await signIn(simulator);
    const login = await fetch(authorizeUrl(simulator), { redirect: 'manual' });
    const transaction = new URL(login.headers.get('location') ?? '', simulator.loginOrigin).searchParams.get('txn') ?? '';
    const signedIn = await fetch(`${simulator.loginOrigin}/login`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ txn: transaction, username: simulator.users[0]?.username ?? '' }) });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const approved = await fetch(new URL(signedIn.headers.get('location') ?? '', simulator.loginOrigin), { redirect: 'manual', headers: { cookie } });
    expect(approved.headers.get('location')).toContain(`${redirectUri}?code=`);
    const again = await fetch(authorizeUrl(simulator, { prompt: 'consent' }), { headers: { cookie } });
    expect(await again.text()).toContain('Allow access?');
  });
});

describe('code exchange', () => {
  it('answers without expires_in, with issued_at in milliseconds as text and a signature over id and issued_at', async () => {
    const answer = await exchange(simulator, await newCode(simulator));
    const tokens = tokensOf(answer);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'id', 'id_token', 'instance_url', 'issued_at', 'refresh_token', 'scope', 'signature', 'token_type']);
    expect(tokens.issued_at).toMatch(/^\d{13}$/);
    expect(tokens.signature).toBe(createHmac('sha256', simulator.client.secret).update(tokens.id + tokens.issued_at).digest('base64'));
    expect(tokens.id).toMatch(new RegExp(`^${simulator.loginOrigin}/id/00D\\w{15}/005\\w{15}$`));
    expect(tokens.access_token).toMatch(/^00D\w{12}!AQ[\w.]+$/);
    expect(tokens.instance_url).toBe(simulator.orgOrigin);
  });

  it('signs an id token for the app with the nonce and the key in /id/keys', async () => {
    const tokens = await signIn(simulator);
    const keys = createRemoteJWKSet(new URL('/id/keys', simulator.loginOrigin));
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, keys, { issuer: simulator.loginOrigin, audience: simulator.client.id });
    expect(payload['nonce']).toBe('the nonce');
    expect(payload.sub).toBe(tokens.id);
    expect(protectedHeader.alg).toBe('RS256');
  });

  it.each([
    ['a wrong verifier', { code_verifier: 'another-verifier-0123456789-0123456789-0123456789' }, 'invalid_request', 'invalid code verifier'],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant', 'missing required code verifier'],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client', 'invalid client credentials'],
    ['an unknown app', { client_id: 'unknown' }, 'invalid_client_id', 'client identifier invalid'],
    ['another callback', { redirect_uri: 'http://localhost:3000/other' }, 'redirect_uri_mismatch', 'redirect_uri must match configuration'],
    ['an unknown code', { code: 'aPrxnothing==' }, 'invalid_grant', 'invalid authorization code'],
    ['an unknown grant type', { grant_type: 'password' }, 'unsupported_grant_type', 'grant type not supported'],
  ])('refuses %s', async (_name, change, error, error_description) => {
    const answer = await exchange(simulator, await newCode(simulator), change);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error, error_description });
  });

  it('takes a code once, and for 15 minutes', async () => {
    const code = await newCode(simulator);
    tokensOf(await exchange(simulator, code));
    expect((await exchange(simulator, code)).body).toEqual({ error: 'invalid_grant', error_description: 'invalid authorization code' });
    const late = await newCode(simulator);
    simulator.clock.advance(15 * 60_000 + 1_000);
    expect((await exchange(simulator, late)).body).toEqual({ error: 'invalid_grant', error_description: 'expired authorization code' });
  });

  it('remembers every secret it gave out', async () => {
    const tokens = await signIn(simulator);
    expect(simulator.tokens()).toEqual(expect.arrayContaining([tokens.access_token, tokens.refresh_token, tokens.id_token, simulator.client.secret]));
  });
});

it('does not tell of PKCE in its discovery document', async () => {
  const { body } = await answerOf(await fetch(`${simulator.testOrigin}/.well-known/openid-configuration`));
  expect(body).toMatchObject({ issuer: simulator.testOrigin, jwks_uri: `${simulator.testOrigin}/id/keys` });
  expect(body).not.toHaveProperty('code_challenge_methods_supported');
});
