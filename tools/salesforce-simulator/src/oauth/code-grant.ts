import { createHash } from 'node:crypto';
import type { Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { requireClient } from './client-auth.ts';
import { OAuthError } from './oauth-error.ts';
import { tokenAnswer } from './token-answer.ts';
import type { AuthorizationCode } from './token-store.ts';
import { isActiveUser, type World } from './world.ts';

/** Exchanges an authorization code. @throws OAuthError */
export async function exchangeCode(world: World, request: HttpRequest): Promise<Reply> {
  const form = request.form();
  await requireClient(world, request);
  requireAppAddress(world);
  const code = usableCode(world, request, form.get('code'));
  if (form.get('redirect_uri') !== code.redirectUri) throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  requireVerifier(code, form.get('code_verifier'));
  requireUser(world, code.userId);
  code.used = true;
  const scopes = code.scope.split(' ');
  const grant = world.tokens.addGrant({ userId: code.userId, clientId: code.clientId, scope: code.scope, host: code.host }, scopes.includes('refresh_token') || scopes.includes('offline_access'));
  const access = world.tokens.addAccessToken({ grantId: grant.id, userId: grant.userId, clientId: grant.clientId, scope: grant.scope, host: grant.host });
  return tokenAnswer(world, access, {
    ...(grant.refreshToken === undefined ? {} : { refreshToken: grant.refreshToken }), nonce: code.nonce, ...(scopes.includes('openid') ? { idTokenHost: request.host } : {}),
  });
}

function usableCode({ tokens, clock, settings, app }: World, request: HttpRequest, given: string | null): AuthorizationCode {
  if (given === null) throw new OAuthError('invalid_request', 'missing required code parameter');
  const code = tokens.code(given);
  // A code is good at the kind of host that issued it, and at the org's own.
  const otherHost = code !== undefined && request.host !== 'org' && code.host !== 'org' && code.host !== request.host;
  if (code === undefined || code.used || code.clientId !== app.clientId || otherHost) throw new OAuthError('invalid_grant', 'invalid authorization code');
  if (clock.now().getTime() - code.issuedAtMs > settings.codeLifeMs) throw new OAuthError('invalid_grant', 'expired authorization code');
  return code;
}

function requireVerifier({ challenge }: AuthorizationCode, verifier: string | null): void {
  if (challenge === undefined) return;
  if (verifier === null) throw new OAuthError('invalid_grant', 'missing required code verifier');
  const computed = createHash('sha256').update(verifier).digest('base64url');
  if (computed !== challenge) throw new OAuthError('invalid_request', 'invalid code verifier');
}

/** @throws OAuthError when the caller is outside the app's or the user's address ranges */
export function requireAppAddress({ settings }: World): void {
  if (settings.appIpBlocked) throw new OAuthError('invalid_grant', 'ip restricted by app developer');
  if (settings.userIpBlocked) throw new OAuthError('invalid_grant', 'ip restricted');
  if (settings.orgInactive) throw new OAuthError('inactive_org', 'organization is inactive');
}

/** @throws OAuthError `inactive_user` */
export function requireUser(world: World, userId: string): void {
  const user = world.org.lookup(userId);
  if (user === undefined || !isActiveUser(world, user)) throw new OAuthError('inactive_user', 'user is inactive');
}
