import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { answerOf, call, refresh, signIn } from '../testing/person.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty' });
});
afterAll(async () => {
  await simulator.stop();
});

const form = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> => fetch(simulator.loginOrigin + path, { method: 'POST', body: new URLSearchParams(fields) });

it('says who a token belongs to, and refuses in plain text', async () => {
  const { access_token, id } = await signIn(simulator);
  const answer = await answerOf(await fetch(id, { headers: { authorization: `Bearer ${access_token}` } }));
  expect(answer.body).toMatchObject({ id, username: simulator.users[0]?.username, organization_id: simulator.orgId, is_app_installed: true, urls: { custom_domain: simulator.orgOrigin } });
  expect(answer.text).toContain(`/services/Soap/c/{version}/${simulator.orgId.slice(0, 15)}"`);
  const refused = await answerOf(await fetch(id, { headers: { authorization: 'Bearer nonsense' } }));
  expect([refused.status, refused.text, refused.headers.get('content-type')]).toEqual([403, 'Bad_OAuth_Token', 'text/plain;charset=UTF-8']);
  expect((await answerOf(await fetch(id))).text).toBe('Missing_OAuth_Token');
});

it('answers userinfo on the org without counting it as an API call', async () => {
  const { access_token, id } = await signIn(simulator);
  const answer = await call(simulator, access_token, '/services/oauth2/userinfo');
  expect(answer.body).toMatchObject({ sub: id, organization_id: simulator.orgId, is_salesforce_integration_user: false });
  expect(answer.headers.get('sforce-limit-info')).toBeNull();
});

it('introspects tokens in seconds, and knows nothing of dead ones', async () => {
  const { access_token } = await signIn(simulator);
  const credentials = { client_id: simulator.client.id, client_secret: simulator.client.secret };
  const { body } = await answerOf(await form('/services/oauth2/introspect', { token: access_token, ...credentials }));
  expect(body).toMatchObject({ active: true, token_type: 'access_token', username: simulator.users[0]?.username });
  const { iat, exp } = body as { iat: number; exp: number };
  expect(exp - iat).toBe(7_200);
  expect((await answerOf(await form('/services/oauth2/introspect', { token: 'nonsense', ...credentials }))).body).toEqual({ active: false });
});

it('revokes a refresh token with its sessions; a second time is an error in form encoding', async () => {
  const { access_token, refresh_token } = await signIn(simulator);
  expect((await answerOf(await form('/services/oauth2/revoke', { token: refresh_token }))).status).toBe(200);
  expect((await call(simulator, access_token, '/limits')).status).toBe(401);
  expect((await refresh(simulator, refresh_token)).status).toBe(400);
  const again = await answerOf(await form('/services/oauth2/revoke', { token: refresh_token }));
  expect(again.status).toBe(400);
  expect(new URLSearchParams(again.text).get('error')).toBe('invalid_token');
});
