import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slotsOwed } from './slot-share.ts';

it.each([
  [5, [], 0], [5, [0], 2], [4, [1], 1], [3, [2], 0], [5, [0, 0], 3], [2, [0], 1], [1, [0], 1], [1, [1], 0], [0, [0], 0],
])('gives back of %i slots to those who wait with %j so many: %i', (holds, waiting, owed) => {
  expect(slotsOwed(holds, waiting)).toBe(owed);
});

it('leaves nobody poor who waits: afterwards none of them holds two fewer, and one without any only when nothing is left', () => {
  fc.assert(fc.property(fc.nat({ max: 5 }), fc.array(fc.nat({ max: 5 }), { maxLength: 8 }), (holds, waiting) => {
    const owed = slotsOwed(holds, waiting);
    const after = waiting.toSorted((a, b) => a - b);
    for (let given = 0; given < owed; given += 1) after.sort((a, b) => a - b)[0] = (after[0] ?? 0) + 1;
    const left = holds - owed;
    expect(left).toBeGreaterThanOrEqual(0);
    for (const other of after) expect(left === 0 || (other > 0 && other > left - 2)).toBe(true);
  }));
});
