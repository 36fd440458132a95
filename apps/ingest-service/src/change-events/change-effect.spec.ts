import type { ChangeEvent, ChangeKind } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { effectOf, holesIn } from './change-effect.ts';

const [one, two] = ['001XX000003DHPAAA4', '001XX000003DHPBAA4'];

function anEvent(kind: ChangeKind, recordIds: readonly string[] = [one], object = 'Account'): ChangeEvent {
  return { object, recordIds, kind, committedAt: new Date('2026-05-07T22:29:47Z') };
}

it('reads each object once, whatever the number of its events', () => {
  expect(effectOf([anEvent('UPDATE'), anEvent('CREATE', [two]), anEvent('UPDATE', ['003XX000016htgPAAQ'], 'Contact')])).toEqual([
    { object: 'Account', deletedIds: [], resync: false }, { object: 'Contact', deletedIds: [], resync: false }]);
});

it('asks for deleted records by Id, those of a gap too', () => {
  expect(effectOf([anEvent('DELETE', [one, two]), anEvent('GAP_DELETE'), anEvent('UNDELETE', [two])])).toEqual([{ object: 'Account', deletedIds: [one, two], resync: false }]);
});

it.each([
  ['an overflow', anEvent('GAP_OVERFLOW', ['000000000000000AAA'])],
  ['a wildcard', anEvent('UPDATE', ['001*'])],
])('reads an object whole after %s', (_what, event) => {
  expect(effectOf([event])).toEqual([{ object: 'Account', deletedIds: [], resync: true }]);
});

it('reads an object as ever after a gap, or a kind of change nobody knows', () => {
  expect(effectOf([anEvent('GAP_UPDATE'), anEvent('UNKNOWN')])).toEqual([{ object: 'Account', deletedIds: [], resync: false }]);
  expect(holesIn([anEvent('GAP_UPDATE'), anEvent('GAP_OVERFLOW'), anEvent('UPDATE')])).toBe(2);
});
