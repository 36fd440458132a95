import { expect, it } from 'vitest';
import { choosablePolicies, rotationOf, wayInUse } from './way-facts.ts';

const lastWay = { flow: 'jwt-bearer', purpose: 'background', at: '2026-11-25T10:00:00Z', reason: 'Both ways live.' } as const;

it('names the way of the last call rather than the one that could be used', () => {
  expect(wayInUse({ lastWay, flow: 'refresh-token' })).toBe('jwt');
  expect(wayInUse({ lastWay: null, flow: 'web-server' })).toBe('user');
  expect(wayInUse({ lastWay: null, flow: null })).toBeUndefined();
});

it('says nothing about a refresh token that has not been renewed yet, and that assertions have none', () => {
  expect(rotationOf({ kind: 'user', rotates: null })).toBe('rotationUnknown');
  expect(rotationOf({ kind: 'user', rotates: true })).toBe('rotates');
  expect(rotationOf({ kind: 'user', rotates: false })).toBe('stays');
  expect(rotationOf({ kind: 'jwt', rotates: null })).toBe('none');
});

it('offers assertions only after they were proven', () => {
  expect(choosablePolicies([{ kind: 'user', state: 'live' }, { kind: 'jwt', state: 'none' }])).toEqual({ user: true, jwt: false, hybrid: false });
  expect(choosablePolicies([{ kind: 'user', state: 'dead' }, { kind: 'jwt', state: 'live' }])).toEqual({ user: true, jwt: true, hybrid: true });
});

it('offers nobody’s grant for a service connection', () => {
  expect(choosablePolicies([{ kind: 'user', state: 'none' }, { kind: 'jwt', state: 'live' }])).toEqual({ user: false, jwt: true, hybrid: false });
});
