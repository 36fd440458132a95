import { expect, it } from 'vitest';
import { de } from '../locales/de.ts';
import { en } from '../locales/en.ts';
import { failureCodeOf, failureCodes } from './failure-codes.ts';

const whos = Object.keys(en.failed.who);

it.each([['English', en], ['German', de]] as const)('explains every code in %s: what, who, how', (_, { failed }) => {
  expect(Object.keys(failed.codes).toSorted()).toEqual([...failureCodes, 'UNKNOWN'].toSorted());
  for (const { title, what, who, how } of Object.values(failed.codes)) {
    expect(title).not.toBe('');
    expect(what).toMatch(/\.$/);
    expect(how).toMatch(/\.$/);
    expect(whos).toContain(who);
  }
});

it('blames the same people in both languages', () => {
  for (const code of [...failureCodes, 'UNKNOWN'] as const) expect(de.failed.codes[code].who).toBe(en.failed.codes[code].who);
});

it('gives an unknown or forged code the general text', () => {
  expect(failureCodeOf('APP_BLOCKED')).toBe('APP_BLOCKED');
  expect(failureCodeOf('SOMETHING_NEW')).toBe('UNKNOWN');
  expect(failureCodeOf(['APP_BLOCKED', 'x'])).toBe('UNKNOWN');
});
