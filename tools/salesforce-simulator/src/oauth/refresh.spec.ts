import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { defaultSettings } from '../control/settings.ts';
import { answerOf, call, refresh, signIn, tokensOf, type Tokens } from '../testing/person.ts';

const dead = { error: 'invalid_grant', error_description: 'expired access/refresh token' };
const minute = 60_000;
const day = 24 * 60 * minute;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
});
beforeEach(() => {
  Object.assign(simulator.settings, defaultSettings(), { refreshProcessingMs: 5 });
});
afterAll(async () => {
  await simulator.stop();
});

it('gives a new refresh token and ends the old one', async () => {
  const first = await signIn(simulator);
  const second = tokensOf(await refresh(simulator, first.refresh_token));
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(second.access_token).not.toBe(first.access_token);
  tokensOf(await refresh(simulator, second.refresh_token));
});

it('keeps the refresh token without rotation and sends none', async () => {
  simulator.settings.rotation = false;
  const first = await signIn(simulator);
  const answer = await refresh(simulator, first.refresh_token);
  expect(answer.body).not.toHaveProperty('refresh_token');
  tokensOf(await refresh(simulator, first.refresh_token));
});

it('revokes the whole family when a dead token is used again', async () => {
  const first = await signIn(simulator);
  const second = tokensOf(await refresh(simulator, first.refresh_token));
  expect((await refresh(simulator, first.refresh_token)).body).toEqual(dead);
  expect((await refresh(simulator, second.refresh_token)).body).toEqual(dead);
  expect((await call(simulator, second.access_token, '/limits')).status).toBe(401);
});

it('leaves the family alone when told so', async () => {
  simulator.settings.reuseRevokesFamily = false;
  const first = await signIn(simulator);
  const second = tokensOf(await refresh(simulator, first.refresh_token));
  expect((await refresh(simulator, first.refresh_token)).body).toEqual(dead);
  tokensOf(await refresh(simulator, second.refresh_token));
});

it('lets one of several refreshes with the same token through', async () => {
  simulator.settings.refreshProcessingMs = 150;
  const { refresh_token } = await signIn(simulator);
  const answers = await Promise.all([1, 2, 3].map(() => refresh(simulator, refresh_token)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { body } of answers.filter(({ status }) => status === 400)) expect(body).toEqual({ error: 'invalid_grant', error_description: 'token request is already being processed' });
});

it('keeps five grants of a user and ends the oldest', async () => {
  const all = [];
  for (let grant = 0; grant < 6; grant += 1) all.push(await signIn(simulator, simulator.users[1]?.username));
  expect((await refresh(simulator, all[0]?.refresh_token ?? '')).body).toEqual(dead);
  tokensOf(await refresh(simulator, all[1]?.refresh_token ?? ''));
});

it('ends a grant that nobody used for 30 days', async () => {
  const first = await signIn(simulator);
  simulator.clock.advance(29 * day);
  const second = tokensOf(await refresh(simulator, first.refresh_token));
  simulator.clock.advance(31 * day);
  expect((await refresh(simulator, second.refresh_token)).body).toEqual(dead);
});

it('keeps a session alive while it is used, from half of its life on', async () => {
  const { access_token } = await signIn(simulator);
  for (let hour = 0; hour < 4; hour += 1) {
    simulator.clock.advance(70 * minute);
    expect((await call(simulator, access_token, '/limits')).status).toBe(200);
  }
  simulator.clock.advance(121 * minute);
  expect((await call(simulator, access_token, '/limits')).body).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
});

it('turns away callers outside the address lists of app and user', async () => {
  const { refresh_token } = await signIn(simulator);
  simulator.settings.appIpBlocked = true;
  expect((await refresh(simulator, refresh_token)).body).toEqual({ error: 'invalid_grant', error_description: 'ip restricted by app developer' });
  simulator.settings.appIpBlocked = false;
  tokensOf(await refresh(simulator, refresh_token));
});

it('ends everything when the secret of the app is changed', async () => {
  const other = await startSimulator({ size: 'empty' });
  const { refresh_token } = await signIn(other);
  other.app.rotateSecret('the new secret');
  expect((await refresh(other, refresh_token)).body).toEqual({ error: 'invalid_client', error_description: 'invalid client credentials' });
  await other.stop();
});

it.each([
  ['named', { error: 'invalid_client', error_description: 'External client app is not installed in this org' }], ['as-wrong-secret', { error: 'invalid_client', error_description: 'invalid client credentials' }], ['answered', { token_type: 'Bearer' }],
] as const)('meets an uninstalled app as it is set: %s', async (uninstalledRefresh, answer) => {
  const first = await signIn(simulator);
  Object.assign(simulator.settings, { appInstalled: false, uninstalledRefresh });
  expect((await refresh(simulator, first.refresh_token)).body).toMatchObject(answer);
});

it.each([
  ['login-rate', 'rate_limit_exceeded', 'login rate exceeded'], ['app-version', 'wrong_version', 'credentials do not match the current app version'], ['password-changed', 'invalid_grant', 'authentication failure'],
  ['not-admin-approved', 'invalid_app_access', 'user is not admin approved to access this app'], ['must-be-installed', 'invalid_client', 'app must be installed into org'], ['client-credentials', 'invalid_client_credentials', 'invalid client credentials'],
  ['expired-code', 'invalid_grant', 'expired authorization code'], ['flow-disabled', 'unsupported_grant_type', 'grant type not supported'], ['app-blocked', 'OAUTH_APP_BLOCKED', 'this app is blocked by admin'],
] as const)('refuses a good token for %s as it is told, and takes it again afterwards', async (tokenRefusal, error, error_description) => {
  const { refresh_token } = await signIn(simulator);
  simulator.settings.tokenRefusal = tokenRefusal;
  const { status, body } = await refresh(simulator, refresh_token);
  expect([status, body]).toEqual([400, { error, error_description }]);
  simulator.settings.tokenRefusal = null;
  tokensOf(await refresh(simulator, refresh_token));
});

describe('what every dead token is told as well', () => {
  const identityOf = async ({ id, access_token }: Tokens) => answerOf(await fetch(id, { headers: { authorization: `Bearer ${access_token}` } }));

  it('is told to a deactivated user if so set; the identity says more', async () => {
    const tokens = await signIn(simulator);
    simulator.settings.inactiveUsers = [simulator.users[0]?.username ?? ''];
    expect((await refresh(simulator, tokens.refresh_token)).body).toMatchObject({ error: 'inactive_user' });
    simulator.settings.inactiveRefresh = 'as-expired';
    expect((await refresh(simulator, tokens.refresh_token)).body).toEqual(dead);
    const { status, text } = await identityOf(tokens);
    expect([status, text]).toEqual([404, 'Inactive']);
  });

  it('is told when a sandbox was made anew, which does not know the org of before', async () => {
    const tokens = await signIn(simulator);
    simulator.settings.sandboxRefreshed = true;
    expect((await refresh(simulator, tokens.refresh_token)).body).toEqual(dead);
    expect((await identityOf(tokens)).text).toBe('Wrong_Org');
    expect((await call(simulator, tokens.access_token, '/limits')).status).toBe(401);
  });

  it('is told when the network is contained: a single refresh from there ends all grants and sessions of the user, not those of others', async () => {
    const [mine, other] = [await signIn(simulator), await signIn(simulator, simulator.users[1]?.username)];
    const second = await signIn(simulator);
    simulator.settings.networkContained = true;
    expect((await refresh(simulator, mine.refresh_token)).body).toEqual(dead);
    simulator.settings.networkContained = false;
    expect((await refresh(simulator, second.refresh_token)).body).toEqual(dead);
    expect((await call(simulator, second.access_token, '/limits')).status).toBe(401);
    tokensOf(await refresh(simulator, other.refresh_token));
  });
});
