import { expect, it } from 'vitest';
import { proofInstant } from './proof-instant.ts';

const now = new Date('2026-11-01T12:00:00Z');
const earlier = new Date('2026-11-01T11:00:00Z');

it('is what the provider says, and never later than now', () => {
  expect(proofInstant({ fresh: true, authTime: earlier, before: undefined }, now)).toEqual(earlier);
  expect(proofInstant({ fresh: false, authTime: new Date('2026-11-01T12:00:30Z'), before: earlier }, now)).toEqual(now);
});

it('is now for a first sign-in, and for one the provider had to ask for again', () => {
  expect(proofInstant({ fresh: false, authTime: undefined, before: undefined }, now)).toEqual(now);
  expect(proofInstant({ fresh: true, authTime: undefined, before: earlier }, now)).toEqual(now);
});

it('stays what it was when a provider may have answered from its own session', () => {
  expect(proofInstant({ fresh: false, authTime: undefined, before: earlier }, now)).toEqual(earlier);
});
