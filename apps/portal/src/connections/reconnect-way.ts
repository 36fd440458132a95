import type { Connection } from '@tributary/api-contracts';

const consents: readonly string[] = ['consented', 'reconnected'];

/**
 * How a connection is brought back: by the consent of its own user, or by an assertion when that user never signed in here (a service connection).
 * A disconnected one holds no way in any more: then its life tells.
 * @returns with `assertion` what the page that connects by it is filled in with
 */
export function reconnectWayOf({ policy, ways, timeline, user, loginOrigin, site }: Pick<Connection, 'policy' | 'ways' | 'timeline' | 'user' | 'loginOrigin' | 'site'>): { readonly by: 'consent' } | { readonly by: 'assertion'; readonly query: Readonly<Record<string, string>> } {
  const everConsented = ways.some(({ kind, since }) => kind === 'user' && since !== null) || timeline.some(({ kind }) => consents.includes(kind));
  if (everConsented || policy !== 'jwt' || user.username === null) return { by: 'consent' };
  return { by: 'assertion', query: { username: user.username, login: loginOrigin, ...(site === null ? {} : { site }) } };
}
