import type { Connection, WayIn } from '@tributary/api-contracts';

/** Which way carried the last call and still works; undefined before the first lease. */
export function wayInUse({ lastWay, flow, ways }: Pick<Connection, 'lastWay' | 'flow'> & { readonly ways: readonly Pick<WayIn, 'kind' | 'state'>[] }): WayIn['kind'] | undefined {
  const used = lastWay?.flow ?? flow;
  const kind = used === 'jwt-bearer' ? 'jwt' : 'user';
  return used !== null && stateOf(ways, kind) === 'live' ? kind : undefined;
}

export type Rotation = 'rotates' | 'stays' | 'rotationUnknown' | 'none';

/** What is known of the refresh token; assertions have none. */
export function rotationOf({ kind, rotates }: Pick<WayIn, 'kind' | 'rotates'>): Rotation {
  if (kind === 'jwt') return 'none';
  return rotates === null ? 'rotationUnknown' : rotates ? 'rotates' : 'stays';
}

/** What keeps a policy from being chosen: assertions need a proof, and a grant is only there where somebody consented. */
export type PolicyNeed = 'proof' | 'consent';

/** What each policy still needs; undefined for those that can be chosen now. */
export function needsOfPolicies(ways: readonly Pick<WayIn, 'kind' | 'state'>[]): Readonly<Record<Connection['policy'], PolicyNeed | undefined>> {
  const consent = stateOf(ways, 'user') === 'none' ? 'consent' : undefined;
  const proof = stateOf(ways, 'jwt') === 'live' ? undefined : 'proof';
  return { user: consent, jwt: proof, hybrid: proof ?? consent };
}

function stateOf(ways: readonly Pick<WayIn, 'kind' | 'state'>[], kind: WayIn['kind']): WayIn['state'] {
  return ways.find((way) => way.kind === kind)?.state ?? 'none';
}
