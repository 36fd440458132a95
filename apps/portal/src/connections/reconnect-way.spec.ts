import type { Connection, WayIn } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { reconnectWayOf } from './reconnect-way.ts';

const loginOrigin = 'https://acme.my.salesforce.com';
const at = '2026-11-25T10:00:00Z';

function way(kind: WayIn['kind'], since: string | null): WayIn {
  return { kind, state: since === null ? 'none' : 'live', epoch: null, since, lastIssuedAt: null, lastUsedAt: null, refreshCount: 0, rotates: null, shortestLifeMs: null, endedAt: null, endedBecause: null };
}
function wayFor({ policy = 'jwt', ways = [way('user', null), way('jwt', at)], life = ['connected-by-jwt'], username = 'sync@acme.test', site = null }: { policy?: Connection['policy']; ways?: WayIn[]; life?: string[]; username?: string | null; site?: string | null } = {}): ReturnType<typeof reconnectWayOf> {
  const user: Connection['user'] = { id: '005XX0000001SvcAAA', name: 'Sync', username };
  return reconnectWayOf({ policy, ways, timeline: life.map((kind) => ({ at, kind, text: '' })), user, loginOrigin, site });
}

it.each([
  ['while it lives', {}],
  ['once it is disconnected and holds nothing any more', { ways: [way('user', null), way('jwt', null)], life: ['disconnected', 'connected-by-jwt'] }],
])('brings a connection back by an assertion whose user never signed in here, %s', (_when, part) => {
  expect(wayFor(part)).toEqual({ by: 'assertion', query: { username: 'sync@acme.test', login: loginOrigin } });
});

it('names the site of a user of one, because an assertion without it is refused', () => {
  expect(wayFor({ site: 'https://acme.my.site.com/customers' })).toEqual({ by: 'assertion', query: { username: 'sync@acme.test', login: loginOrigin, site: 'https://acme.my.site.com/customers' } });
});

it.each([
  ['of a person who consented', { policy: 'user' as const, ways: [way('user', at), way('jwt', null)], life: ['consented'] }],
  ['of a person who consented and works by assertions now', { ways: [way('user', at), way('jwt', at)], life: [] }],
  ['of a person who consented, worked by assertions and was disconnected', { ways: [way('user', null), way('jwt', null)], life: ['disconnected', 'consented'] }],
  ['whose user name is not known', { username: null }],
])('brings back that %s by a consent', (_whose, part) => {
  expect(wayFor(part)).toEqual({ by: 'consent' });
});
