import type { HttpRequest } from '../http/request.ts';
import type { AccessToken } from './token-store.ts';
import { isActiveUser, type World } from './world.ts';

/** The token in the `Authorization` header or in `oauth_token` / `access_token`. */
export function presentedToken(request: HttpRequest): string | undefined {
  const header = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers['authorization'] ?? '');
  return header?.[1] ?? request.query.get('oauth_token') ?? request.query.get('access_token') ?? undefined;
}

/** A token that still works for an active user. */
export function livingToken(world: World, token: string | undefined): AccessToken | undefined {
  const known = token === undefined ? undefined : world.tokens.accessToken(token);
  if (known === undefined || world.settings.sandboxRefreshed || !world.tokens.isAlive(known)) return undefined;
  const user = world.org.lookup(known.userId);
  return user !== undefined && isActiveUser(world, user) ? known : undefined;
}
