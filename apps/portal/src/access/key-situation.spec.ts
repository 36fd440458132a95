import type { SigningKey } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { keySituationOf, keyToUpload } from './key-situation.ts';

function aKey(state: SigningKey['state'], daysLeft = 300): SigningKey {
  const at = '2026-11-25T10:00:00Z';
  return { id: `00000000-0000-4000-8000-${state.padStart(12, '0')}`, state, origin: 'generated', bits: 2048, fingerprint: 'AB:CD', serialNumber: '01', subject: 'CN=Tributary', notBefore: at, notAfter: at, daysLeft, createdAt: at, lastUsedAt: null };
}

it('starts with nothing, then waits for Salesforce', () => {
  expect(keySituationOf([])).toEqual({ kind: 'none' });
  expect(keySituationOf([aKey('created')])).toMatchObject({ kind: 'first' });
  expect(keySituationOf([aKey('offered')])).toMatchObject({ kind: 'first' });
});

it('asks for the next key sixty days before the end, and says when it is over', () => {
  expect(keySituationOf([aKey('current', 61)])).toMatchObject({ kind: 'settled', renew: 'not-yet' });
  expect(keySituationOf([aKey('current', 60)])).toMatchObject({ renew: 'soon' });
  expect(keySituationOf([aKey('current', 0)])).toMatchObject({ renew: 'ended' });
  expect(keySituationOf([aKey('expired', -3), aKey('destroyed')])).toMatchObject({ kind: 'settled', renew: 'ended' });
});

it('gives Salesforce the next certificate while the present key still signs', () => {
  const [current, next] = [aKey('current', 40), aKey('offered', 365)];
  const situation = keySituationOf([next, current]);
  expect(situation).toEqual({ kind: 'rolling', current, next });
  expect(keyToUpload(situation)).toBe(next);
});

it('takes a key that goes out of use for no key', () => {
  expect(keySituationOf([aKey('retired'), aKey('destroyed')])).toEqual({ kind: 'none' });
  expect(keyToUpload({ kind: 'none' })).toBeUndefined();
});
