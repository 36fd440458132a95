import { json, plain, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Row } from '../org/value.ts';
import { livingToken, presentedToken } from './bearer.ts';
import type { AccessToken } from './token-store.ts';
import { identityUrl, isActiveUser, type World } from './world.ts';

/** `GET /id/{org}/{user}`; refusals are plain text. */
export function identity(world: World, request: HttpRequest, orgId: string, userId: string): Reply {
  const presented = presentedToken(request);
  if (presented === undefined) return plain(403, 'Missing_OAuth_Token');
  if (world.settings.sandboxRefreshed) return plain(403, 'Wrong_Org');
  if (isOfInactive(world, presented)) return plain(404, 'Inactive');
  const token = livingToken(world, presented);
  if (token === undefined) return plain(403, 'Bad_OAuth_Token');
  if (orgId !== world.orgId) return plain(403, 'Wrong_Org');
  const user = world.org.lookup(userId);
  if (user === undefined || userId !== token.userId) return plain(404, 'Bad_Id');
  world.tokens.touch(token);
  return json(200, {
    id: identityUrl(world, token.host, userId), asserted_user: true, user_id: userId, organization_id: world.orgId, username: user['Username'], nick_name: user['CommunityNickname'],
    display_name: user['Name'], email: user['Email'], email_verified: true, first_name: user['FirstName'], last_name: user['LastName'], timezone: user['TimeZoneSidKey'],
    photos: photos(world), addr_street: null, addr_city: null, addr_state: null, addr_country: null, addr_zip: null, mobile_phone: user['MobilePhone'] ?? null, mobile_phone_verified: false,
    is_lightning_login_user: false, status: { created_date: null, body: null }, urls: urls(world, userId, versionOf(request)), active: user['IsActive'] === true, user_type: 'STANDARD',
    language: user['LanguageLocaleKey'], locale: user['LocaleSidKey'], utcOffset: 0, last_modified_date: lastModified(user), is_app_installed: world.settings.appInstalled,
  });
}

/** Whether a token, alive or not, belongs to somebody who was deactivated. */
function isOfInactive(world: World, presented: string): boolean {
  const user = world.org.lookup(world.tokens.accessToken(presented)?.userId ?? '');
  return user !== undefined && !isActiveUser(world, user);
}

/** `GET /services/oauth2/userinfo` */
export function userInfo(world: World, request: HttpRequest): Reply {
  const presented = presentedToken(request);
  const token = livingToken(world, presented);
  if (token === undefined) return plain(403, presented === undefined ? 'Missing_OAuth_Token' : 'Bad_OAuth_Token');
  world.tokens.touch(token);
  return json(200, userClaims(world, token));
}

function userClaims(world: World, token: AccessToken): Record<string, unknown> {
  const user = world.org.lookup(token.userId) ?? {};
  return {
    sub: identityUrl(world, token.host, token.userId), user_id: token.userId, organization_id: world.orgId, preferred_username: user['Username'], nickname: user['CommunityNickname'], name: user['Name'],
    email: user['Email'], email_verified: true, given_name: user['FirstName'], family_name: user['LastName'], zoneinfo: user['TimeZoneSidKey'], photos: photos(world),
    profile: `${world.origin('org')}/${token.userId}`, picture: photos(world).picture, address: {}, is_salesforce_integration_user: false, urls: urls(world, token.userId, undefined),
    active: user['IsActive'] === true, user_type: 'STANDARD', language: user['LanguageLocaleKey'], locale: user['LocaleSidKey'], utcOffset: 0, updated_at: lastModified(user), is_app_installed: world.settings.appInstalled,
  };
}

function lastModified(user: Row): string {
  return String(user['LastModifiedDate'] ?? '').replace(/\.\d{3}Z$/, 'Z');
}

function photos(world: World): { picture: string; thumbnail: string } {
  return { picture: `${world.origin('org')}/profilephoto/005/F`, thumbnail: `${world.origin('org')}/profilephoto/005/T` };
}

function versionOf({ query }: HttpRequest): string | undefined {
  return query.get('version') ?? undefined;
}

function urls(world: World, userId: string, version: string | undefined): Record<string, string> {
  const org = world.origin('org');
  const org15 = world.orgId.slice(0, 15);
  const v = version === undefined ? '{version}' : version === 'latest' ? `${world.settings.newestApiVersion}.0` : version;
  const soap = (letter: string): string => `${org}/services/Soap/${letter}/${v}/${org15}`;
  const data = (path: string): string => `${org}/services/data/v${v}/${path}`;
  return {
    enterprise: soap('c'), metadata: soap('m'), partner: soap('u'), tooling_soap: soap('T'), rest: data(''), sobjects: data('sobjects/'), search: data('search/'), query: data('query/'), recent: data('recent/'),
    tooling_rest: data('tooling/'), profile: `${org}/${userId}`, feeds: data('chatter/feeds'), groups: data('chatter/groups'), users: data('chatter/users'), feed_items: data('chatter/feed-items'),
    feed_elements: data('chatter/feed-elements'), custom_domain: org,
  };
}
