import { expect, it } from 'vitest';
import { causesDe } from './causes.de.ts';
import { causesEn } from './causes.en.ts';
import { causeText } from './causes.ts';

it('says in both languages what happened and how it is put right', () => {
  for (const texts of [causesEn, causesDe]) for (const [cause, { what, how }] of Object.entries(texts)) {
    expect(what, cause).toMatch(/\.$/);
    expect(how, cause).toMatch(/\.$/);
  }
});

it('leaves a cause it does not know to the server', () => {
  expect(causeText('idle-timeout', 'de')?.how).toBe('Verbinden Sie neu.');
  expect(causeText('something-new', 'en')).toBeUndefined();
  expect(causeText('toString', 'en')).toBeUndefined();
});
