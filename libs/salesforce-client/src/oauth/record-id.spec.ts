import { expect, it } from 'vitest';
import { caseSafeId, personOf } from './record-id.ts';

it.each([
  // 00DXX: only D and both X are upper case → places 2, 3, 4 → 4 + 8 + 16 = 28 → '2'; 00000 → 'A'; 01abc → 'A'
  ['00DXX0000001abc', '00DXX0000001abc2AA'],
  // 001A0: place 3 → 8 → 'I'; 00000 → 'A'; 6Vm4K: V and K → places 1, 4 → 18 → 'S'
  ['001A0000006Vm4K', '001A0000006Vm4KIAS'],
  ['00DXX0000001abcEAA', '00DXX0000001abcEAA'],
])('gives %s as %s', (id, expected) => {
  expect(caseSafeId(id)).toBe(expected);
});

it('reads the same person from short and long ids, wherever the identity URL points', () => {
  const person = { orgId: '00DXX0000001abc2AA', userId: '005A0000006Vm4KIAS' };
  expect(personOf('https://login.salesforce.com/id/00DXX0000001abc/005A0000006Vm4K')).toEqual(person);
  expect(personOf('https://test.salesforce.com/id/00DXX0000001abc2AA/005A0000006Vm4KIAS')).toEqual(person);
  expect(personOf('https://login.salesforce.com/id/001XX0000001abc/005A0000006Vm4K')).toBeUndefined();
});
