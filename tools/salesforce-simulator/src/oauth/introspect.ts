import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { requireClient } from './client-auth.ts';
import { OAuthError } from './oauth-error.ts';
import { identityUrl, type World } from './world.ts';

/** `POST /services/oauth2/introspect`; times are seconds. */
export async function introspect(world: World, request: HttpRequest): Promise<Reply> {
  try {
    await requireClient(world, request);
  } catch (error) {
    if (error instanceof OAuthError) return json(401, { error: error.error, error_description: error.message });
    throw error;
  }
  return json(200, describeToken(world, request.form().get('token') ?? ''));
}

function describeToken(world: World, token: string): Record<string, unknown> {
  const { tokens, app, settings } = world;
  const access = tokens.accessToken(token);
  if (access !== undefined) {
    if (!tokens.isAlive(access)) return { active: false };
    return about(world, access, 'access_token', access.issuedAtMs, access.expiresAtMs);
  }
  const grant = tokens.grantByRefreshToken(token);
  if (grant === undefined || grant.clientId !== app.clientId || tokens.refreshProblem(grant, token) !== undefined) return { active: false };
  const idleEnd = settings.refreshTokenIdleMs === null ? undefined : grant.lastUsedAtMs + settings.refreshTokenIdleMs;
  return about(world, grant, 'refresh_token', grant.createdAtMs, idleEnd);
}

function about(world: World, { scope, clientId, userId, host }: { scope: string; clientId: string; userId: string; host: 'login' | 'test' | 'org' }, type: string, issuedAtMs: number, expiresAtMs: number | undefined): Record<string, unknown> {
  const iat = Math.floor(issuedAtMs / 1000);
  return {
    active: true, scope, client_id: clientId, username: world.org.lookup(userId)?.['Username'], sub: identityUrl(world, host, userId), token_type: type,
    ...(expiresAtMs === undefined ? {} : { exp: Math.floor(expiresAtMs / 1000) }), iat, nbf: iat,
  };
}
