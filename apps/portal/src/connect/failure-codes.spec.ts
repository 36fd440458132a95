import { connectFailureCodes } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { failedEn } from '../locales/failed.en.ts';
import { failureTexts } from '../locales/failures.ts';
import { failureCodeOf } from './failure-codes.ts';

const whos = Object.keys(failedEn.who);

it.each(['en', 'de'] as const)('explains every code in %s: what, who, how', (language) => {
  const texts = failureTexts[language];
  expect(Object.keys(texts).toSorted()).toEqual([...connectFailureCodes, 'UNKNOWN'].toSorted());
  for (const { title, what, who, how } of Object.values(texts)) {
    expect(title).not.toBe('');
    expect(what).toMatch(/\.$/);
    expect(how).toMatch(/\.$/);
    expect(whos).toContain(who);
  }
});

it('blames the same people in both languages', () => {
  for (const code of [...connectFailureCodes, 'UNKNOWN'] as const) expect(failureTexts.de[code].who).toBe(failureTexts.en[code].who);
});

it('gives an unknown or forged code the general text', () => {
  expect(failureCodeOf('APP_BLOCKED')).toBe('APP_BLOCKED');
  expect(failureCodeOf('SOMETHING_NEW')).toBe('UNKNOWN');
  expect(failureCodeOf(['APP_BLOCKED', 'x'])).toBe('UNKNOWN');
});
