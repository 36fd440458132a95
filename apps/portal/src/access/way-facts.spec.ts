import { expect, it } from 'vitest';
import { needsOfPolicies, rotationOf, wayInUse } from './way-facts.ts';

const lastWay = { flow: 'jwt-bearer', purpose: 'background', at: '2026-11-25T10:00:00Z', reason: 'Both ways live.' } as const;
const both = [{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'live' }] as const;

it('names the way of the last call rather than the one that could be used', () => {
  expect(wayInUse({ lastWay, flow: 'refresh-token', ways: both })).toBe('jwt');
  expect(wayInUse({ lastWay: null, flow: 'web-server', ways: both })).toBe('user');
  expect(wayInUse({ lastWay: null, flow: null, ways: both })).toBeUndefined();
});

it('calls no way in use that has ended, although it carried the last call', () => {
  expect(wayInUse({ lastWay, flow: null, ways: [{ kind: 'user', state: 'none' }, { kind: 'jwt', state: 'none' }] })).toBeUndefined();
  expect(wayInUse({ lastWay, flow: 'refresh-token', ways: [{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'dead' }] })).toBeUndefined();
});

it('says nothing about a refresh token that has not been renewed yet, and that assertions have none', () => {
  expect(rotationOf({ kind: 'user', rotates: null })).toBe('rotationUnknown');
  expect(rotationOf({ kind: 'user', rotates: true })).toBe('rotates');
  expect(rotationOf({ kind: 'user', rotates: false })).toBe('stays');
  expect(rotationOf({ kind: 'jwt', rotates: null })).toBe('none');
});

it('offers assertions only after they were proven', () => {
  expect(needsOfPolicies([{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'none' }])).toEqual({ user: undefined, jwt: 'proof', hybrid: 'proof' });
  expect(needsOfPolicies([{ kind: 'user', state: 'dead' }, { kind: 'jwt', state: 'live' }])).toEqual({ user: undefined, jwt: undefined, hybrid: undefined });
});

it('offers nobody’s grant for a service connection, and says that a consent is needed, not a proof', () => {
  expect(needsOfPolicies([{ kind: 'user', state: 'none' }, { kind: 'jwt', state: 'live' }])).toEqual({ user: 'consent', jwt: undefined, hybrid: 'consent' });
});
