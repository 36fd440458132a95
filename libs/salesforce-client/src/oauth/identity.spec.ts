import { inspect } from 'node:util';
import { Secret } from '@tributary/failures';
import { expect, it } from 'vitest';
import { aServer, json, rejectionOf } from '../spec-support/local-server.ts';
import { fetchIdentity } from './identity.ts';

const identityUrl = 'https://login.salesforce.com/id/00DXX0000001abcEAA/005XX0000001XyzAAA';
const answer = { user_id: '005XX0000001XyzAAA', organization_id: '00DXX0000001abcEAA', username: 'ada@acme.test', display_name: 'Ada Example', email: 'ada@acme.test', is_app_installed: true };
const token = Secret.of('00DXX!secret');

it('reads who consented, at the pinned origin', async () => {
  const { http, origin, requests } = await aServer((_request, response) => json(response, 200, answer));
  expect(await fetchIdentity(http, origin, identityUrl, token)).toEqual({ orgId: '00DXX0000001abcEAA', userId: '005XX0000001XyzAAA', username: 'ada@acme.test', displayName: 'Ada Example', email: 'ada@acme.test', appInstalled: true });
  expect(requests[0]).toMatchObject({ url: '/id/00DXX0000001abcEAA/005XX0000001XyzAAA', headers: { authorization: 'Bearer 00DXX!secret' } });
});

it('makes do with the least Salesforce gives', async () => {
  const { http, origin } = await aServer((_request, response) => json(response, 200, { user_id: answer.user_id, organization_id: answer.organization_id, username: answer.username }));
  expect(await fetchIdentity(http, origin, identityUrl, token)).toMatchObject({ displayName: 'ada@acme.test', email: null, appInstalled: undefined });
});

it.each([
  ['another user', 200, { ...answer, user_id: '005XX0000001XyzAAB' }, { reason: 'identity-changed' }],
  ['another org', 200, { ...answer, organization_id: '00DXX0000001abdEAA' }, { reason: 'identity-changed' }],
  ['half an answer', 200, { user_id: answer.user_id }, { reason: 'as-unavailable' }],
  ['a page of HTML', 200, '<html>ada@acme.test</html>', { reason: 'as-unavailable' }],
  ['an error of the server', 503, '<html>', { reason: 'as-unavailable' }],
  ['Bad_OAuth_Token', 403, 'Bad_OAuth_Token', { code: 'IDENTITY_NOT_READABLE', details: { status: 403 } }],
  ['Wrong_Org', 404, 'Wrong_Org', { code: 'IDENTITY_NOT_READABLE', details: { status: 404 } }],
  ['a redirect, which nobody follows', 302, '', { code: 'IDENTITY_NOT_READABLE', details: { status: 302 } }],
])('gives a typed failure for %s, without the body', async (_name, status, body, expected) => {
  const { http, origin } = await aServer((_request, response) => json(response, status, body));
  const error = await rejectionOf(fetchIdentity(http, origin, identityUrl, token));
  expect(error).toMatchObject(expected);
  expect(inspect(error, { depth: 9 })).not.toMatch(/ada@acme|secret/);
});

it.each(['', 'not an address', 'https://login.salesforce.com/secur/frontdoor.jsp'])('asks nobody for the identity at %j', async (url) => {
  const { http, origin, requests } = await aServer((_request, response) => json(response, 200, answer));
  expect(await rejectionOf(fetchIdentity(http, origin, url, token))).toMatchObject({ code: 'CALL_NOT_ALLOWED' });
  expect(requests).toEqual([]);
});
