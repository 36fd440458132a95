import type { Connection, WayIn } from '@tributary/api-contracts';

/** Which way carried the last call; undefined before the first lease. */
export function wayInUse({ lastWay, flow }: Pick<Connection, 'lastWay' | 'flow'>): WayIn['kind'] | undefined {
  const used = lastWay?.flow ?? flow;
  if (used === null) return undefined;
  return used === 'jwt-bearer' ? 'jwt' : 'user';
}

export type Rotation = 'rotates' | 'stays' | 'rotationUnknown' | 'none';

/** What is known of the refresh token; assertions have none. */
export function rotationOf({ kind, rotates }: Pick<WayIn, 'kind' | 'rotates'>): Rotation {
  if (kind === 'jwt') return 'none';
  return rotates === null ? 'rotationUnknown' : rotates ? 'rotates' : 'stays';
}

/** Policies that can be chosen now: assertions only once they have been proven, and one's own grant only where there was one. */
export function choosablePolicies(ways: readonly Pick<WayIn, 'kind' | 'state'>[]): Readonly<Record<Connection['policy'], boolean>> {
  const [user, jwt] = (['user', 'jwt'] as const).map((kind) => ways.find((way) => way.kind === kind)?.state ?? 'none');
  return { user: user !== 'none', jwt: jwt === 'live', hybrid: user !== 'none' && jwt === 'live' };
}
