import { expect, it } from 'vitest';
import { jwtTrouble, mostTelling, type JwtCause } from './jwt-trouble.ts';
import { jwtSettlement } from './settle-jwt.ts';

const told = (...causes: JwtCause[]): JwtCause => mostTelling(causes.map((cause) => jwtTrouble(cause))).cause;

it('of several tries the one that got furthest says most', () => {
  expect(told('certificate-mismatch', 'not-pre-authorised')).toBe('not-pre-authorised');
  expect(told('wrong-audience', 'not-admin-approved')).toBe('not-admin-approved');
  expect(told('as-unavailable', 'certificate-mismatch', 'wrong-audience')).toBe('certificate-mismatch');
  expect(told('not-pre-authorised', 'app-not-installed')).toBe('app-not-installed');
  expect(told()).toBe('no-signing-key');
});

const minuteMs = 60_000;
it.each([
  ['a final refusal beside the consent', jwtTrouble('not-pre-authorised'), true, { kind: 'way-lost' }],
  ['a final refusal of the only way', jwtTrouble('not-pre-authorised'), false, { kind: 'stopped', trigger: 'admin-needed', checkInMs: 60 * minuteMs, pauseMs: 0 }],
  ['an answer for somebody else', jwtTrouble('identity-changed'), false, { kind: 'stopped', trigger: 'quarantined', checkInMs: null, pauseMs: 0 }],
  ['no answer beside the consent', jwtTrouble('as-unavailable', 'transient'), true, { kind: 'paused', pauseMs: minuteMs / 2 }],
  ['no answer for the only way', jwtTrouble('as-unavailable', 'transient'), false, { kind: 'stopped', trigger: 'refresh-unavailable', checkInMs: expect.any(Number), pauseMs: expect.any(Number) }],
  ['a refused address', jwtTrouble('user-ip-blocked', 'transient'), false, { kind: 'stopped', trigger: 'held', checkInMs: 60 * minuteMs, pauseMs: 0 }],
  ['a failure of the app', jwtTrouble('client-id-unknown', 'application'), false, { kind: 'application', pauseMs: minuteMs / 2 }],
])('%s is settled without breaking more than it must', (_what, trouble, otherWay, expected) => {
  expect(jwtSettlement(trouble, otherWay, 0)).toEqual(expected);
});
