import { expect, it } from 'vitest';
import { halvesById, halvesByTime, type Part } from './part.ts';

const whole: Part = { from: null, until: new Date('2026-01-01T00:00:09Z'), idFrom: null, idBefore: null };

it('halves time without gap or overlap, down to a second and no further', () => {
  const [older, newer] = halvesByTime(whole, { oldest: new Date('2026-01-01T00:00:05Z') }) ?? [];
  expect([older?.from, older?.until, newer?.from, newer?.until]).toEqual([null, new Date('2026-01-01T00:00:07Z'), new Date('2026-01-01T00:00:07Z'), whole.until]);
  expect(halvesByTime({ ...whole, from: new Date('2026-01-01T00:00:08Z') })).toBeUndefined();
  expect(halvesByTime({ ...whole, until: null })).toBeUndefined();
});

it('halves Ids in the order of Salesforce, and never a single one', () => {
  const [lower, upper] = halvesById(whole, 'a00Sm0000000001AAA', 'a00Sm000000001zAAA') ?? [];
  expect(lower?.idBefore).toBe(upper?.idFrom);
  expect([lower?.idFrom, upper?.idBefore]).toEqual([null, null]);
  expect((lower?.idBefore ?? '') > 'a00Sm0000000001' && (lower?.idBefore ?? '') <= 'a00Sm000000001z').toBe(true);
  expect(halvesById(whole, 'a00Sm0000000001AAA', 'a00Sm0000000001AAA')).toBeUndefined();
});
