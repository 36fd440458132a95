import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultSettings } from '../control/settings.ts';
import { startSimulator, type Simulator } from '../index.ts';
import { call, signIn, tokenRequest, tokensOf, type Answer } from '../testing/person.ts';

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strange = generateKeyPairSync('rsa', { modulusLength: 2048 });

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
  simulator.app.addPublicKey(ours.publicKey.export({ type: 'spki', format: 'pem' }).toString());
});
beforeEach(() => {
  simulator.revoke();
  Object.assign(simulator.settings, defaultSettings(), { preauthorisedUsers: [simulator.users[0]?.username ?? ''] });
});
afterAll(async () => {
  await simulator.stop();
});

async function bearer(claims: Readonly<Record<string, unknown>> = {}, key = ours.privateKey): Promise<Answer> {
  const exp = Math.floor(simulator.clock.now().getTime() / 1000) + 180;
  const assertion = await new SignJWT({ iss: simulator.client.id, sub: simulator.users[0]?.username, aud: simulator.loginOrigin, exp, ...claims }).setProtectedHeader({ alg: 'RS256' }).sign(key);
  return tokenRequest(simulator, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, client_id: undefined, client_secret: undefined });
}

it('gives an access token that works, and neither refresh token nor issued_at nor signature', async () => {
  const answer = await bearer();
  expect(Object.keys(tokensOf(answer)).sort()).toEqual(['access_token', 'id', 'instance_url', 'scope', 'token_type']);
  expect((await call(simulator, tokensOf(answer).access_token, '/limits')).status).toBe(200);
});

it('takes a user who approved the app in a browser', async () => {
  const username = simulator.users[2]?.username;
  expect((await bearer({ sub: username })).body).toEqual({ error: 'invalid_grant', error_description: "user hasn't approved this consumer" });
  await signIn(simulator, username);
  expect((await bearer({ sub: username })).status).toBe(200);
});

it('lets prn win over sub and accepts a far future', async () => {
  expect((await bearer({ sub: 'nobody', prn: simulator.users[0]?.username, exp: Date.now() + 300 })).status).toBe(200);
});

it.each([
  ['another audience', { aud: 'https://elsewhere.example' }, 'invalid_grant', 'audience is invalid'],
  ['an unknown issuer', { iss: 'unknown' }, 'invalid_client_id', 'client identifier invalid'],
  ['an unknown user', { sub: 'nobody@northwind.example' }, 'invalid_grant', "user hasn't approved this consumer"],
  ['a past expiry', { exp: 1_600_000_000 }, 'invalid_grant', 'expired authorization code'],
])('refuses %s', async (_name, claims, error, error_description) => {
  const answer = await bearer(claims);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ error, error_description });
});

it('refuses a key that is not registered', async () => {
  expect((await bearer({}, strange.privateKey)).body).toEqual({ error: 'invalid_grant', error_description: 'invalid assertion' });
});

it('refuses when the app is not installed or the user is inactive', async () => {
  simulator.settings.appInstalled = false;
  expect((await bearer()).body).toEqual({ error: 'invalid_client', error_description: 'External client app is not installed in this org' });
  simulator.settings.appInstalled = true;
  simulator.settings.inactiveUsers = [simulator.users[0]?.username ?? ''];
  expect((await bearer()).body).toMatchObject({ error: 'inactive_user' });
});

it('takes for a user of a site the site alone as audience, and for nobody else', async () => {
  const [inside, outside] = [simulator.users[0]?.username ?? '', simulator.users[1]?.username ?? ''];
  const site = 'https://northwind.my.site.com/customers';
  Object.assign(simulator.settings, { siteUsers: [{ username: outside, site }], preauthorisedUsers: [inside, outside] });
  expect(await bearer({ sub: outside, aud: site })).toMatchObject({ status: 200, body: { sfdc_community_url: site } });
  const refused = { error: 'invalid_grant', error_description: 'audience is invalid' };
  for (const aud of [simulator.loginOrigin, simulator.orgOrigin, 'https://northwind.my.site.com', `${site}/more`]) expect((await bearer({ sub: outside, aud })).body).toEqual(refused);
  expect((await bearer({ sub: inside, aud: site })).body).toEqual(refused);
});
