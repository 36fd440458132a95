import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { readAssertion, verifyAssertion, type AssertionClaims } from './assertion.ts';
import { OAuthError } from './oauth-error.ts';
import { instanceUrl } from './token-answer.ts';
import type { AccessToken } from './token-store.ts';
import { identityUrl, isActiveUser, userNamed, type World } from './world.ts';

/** JWT bearer: an access token for a user who approved the app or was pre-authorised; never a refresh token. @throws OAuthError */
export async function bearerGrant(world: World, request: HttpRequest): Promise<Reply> {
  const { settings, tokens, app, clock } = world;
  const assertion = request.form().get('assertion') ?? '';
  const claims = await checkedClaims(world, assertion);
  const username = claims.prn ?? claims.sub ?? '';
  const site = settings.siteUsers.find((one) => one.username.toLowerCase() === username.toLowerCase())?.site;
  const audiences = site === undefined ? [world.origin('login'), world.origin('test'), world.origin('org')] : [site];
  const audience = [claims.aud].flat();
  if (!audience.some((aud) => audiences.includes(aud.replace(/\/$/, '')))) throw new OAuthError('invalid_grant', 'audience is invalid');
  // A client that gives milliseconds names a far future, which is accepted.
  if (claims.exp * 1000 + settings.jwtSkewMs < clock.now().getTime()) throw new OAuthError('invalid_grant', 'expired authorization code');
  if (!settings.appInstalled) throw new OAuthError('invalid_client', 'External client app is not installed in this org');
  if (settings.orgInactive) throw new OAuthError('inactive_org', 'organization is inactive');
  if (settings.userIpBlocked) throw new OAuthError('invalid_grant', 'ip restricted');
  const user = userNamed(world, username);
  if (user === undefined) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  if (!isActiveUser(world, user)) throw new OAuthError('inactive_user', 'user is inactive');
  const userId = String(user['Id']);
  const preauthorised = settings.preauthorisedUsers.some((name) => name.toLowerCase() === username.toLowerCase());
  if (settings.permittedUsers === 'admin-approved' && !preauthorised) throw new OAuthError('invalid_app_access', 'user is not admin approved to access this app');
  if (!preauthorised && tokens.grantsOf(userId, app.clientId).length === 0) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  const host = audience.some((aud) => aud.startsWith(world.origin('test'))) ? 'test' : 'login';
  const access = runningSession(world, userId) ?? tokens.addAccessToken({ grantId: undefined, userId, clientId: app.clientId, scope: 'api id openid', host });
  return json(200, { access_token: access.token, scope: access.scope, instance_url: instanceUrl(world), id: identityUrl(world, access.host, userId), token_type: 'Bearer', ...(site === undefined ? {} : { sfdc_community_url: site, sfdc_community_id: communityId }) }, { 'cache-control': 'no-store' });
}

/** Of the one site there is. */
const communityId = '0DB000000000001AAA';

async function checkedClaims(world: World, assertion: string): Promise<AssertionClaims> {
  const read = readAssertion(assertion);
  if (read === undefined) throw new OAuthError('invalid_grant', 'invalid assertion');
  if (read.iss !== world.app.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  try {
    return await verifyAssertion(world, assertion);
  } catch {
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
}

function runningSession({ tokens, settings }: World, userId: string): AccessToken | undefined {
  if (!settings.jwtReusesSession) return undefined;
  return tokens.accessTokens.find((token) => token.grantId === undefined && token.userId === userId && tokens.isAlive(token));
}
