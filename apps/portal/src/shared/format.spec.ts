import { expect, it } from 'vitest';
import { formatFor } from './format.ts';

const [en, de] = [formatFor('en-GB'), formatFor('de')];
/** Intl puts no-break spaces where people type blanks. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

it('prints the same decimal by the rules of each language', () => {
  expect(en.money('1234.56', 'EUR')).toBe('€1,234.56');
  expect(plain(de.money('1234.56', 'EUR'))).toBe('1.234,56 €');
});

it('keeps every digit of an amount that a float cannot hold', () => {
  expect(en.money('9007199254740993.01', 'EUR')).toBe('€9,007,199,254,740,993.01');
  expect(en.count('9007199254740993')).toBe('9,007,199,254,740,993');
});

it('prints a currency without decimals as such', () => {
  expect(plain(en.money('1500', 'JPY'))).toMatch(/^(JP)?¥1,500$/);
});

it('shows a ratio as percent and a missing value as a dash', () => {
  expect(en.figure('0.382000', { unit: 'ratio' })).toBe('38.2%');
  expect(en.figure(null, { unit: 'money', currency: 'EUR' })).toBe('—');
});

it('does not move a date into another zone', () => {
  expect(en.date('2026-11-01')).toBe('1 Nov 2026');
});

it('prints durations in the two largest units', () => {
  expect(plain(en.duration(125))).toMatch(/^2 mins? 5 secs?$/);
  expect(plain(en.duration(3_720))).toMatch(/^1 hr 2 mins?$/);
  expect(plain(en.duration(7_200))).toMatch(/^2 hrs?$/);
});

it('leaves text that is no decimal as it is', () => {
  expect(en.count('n/a')).toBe('n/a');
});
