import { empty, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from './world.ts';

/** `POST /services/oauth2/revoke`; a refresh token takes its access tokens along, refusals are form-encoded. */
export function revoke({ tokens }: World, request: HttpRequest): Reply {
  const token = request.form().get('token') ?? request.query.get('token') ?? '';
  const access = tokens.accessToken(token);
  if (access !== undefined && tokens.isAlive(access)) {
    tokens.revokeAccessToken(access);
    return empty(200);
  }
  const grant = tokens.grantByRefreshToken(token);
  if (grant !== undefined && !grant.revoked && grant.refreshToken === token) {
    tokens.revokeGrant(grant);
    return empty(200);
  }
  const body = 'error=invalid_token&error_description=invalid%20token%3A%20token%20is%20unknown%20or%20no%20longer%20valid';
  return { status: 400, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', 'cache-control': 'no-store' }, body };
}
