import { expect, it } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

/** Every text by its path. */
function textsOf(messages: object, path = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'string') return [[`${path}${key}`, value]];
    return typeof value === 'object' && value !== null ? textsOf(value, `${path}${key}.`) : [];
  });
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted();

it('has every text in both languages, with the same places to fill in', () => {
  const german = new Map(textsOf(de));
  const english = textsOf(en);
  expect([...german.keys()].toSorted()).toEqual(english.map(([key]) => key).toSorted());
  for (const [key, text] of english) expect(placeholders(german.get(key) ?? ''), key).toEqual(placeholders(text));
});

it('has as many plural forms in German as in English', () => {
  const german = new Map(textsOf(de));
  for (const [key, text] of textsOf(en)) expect(german.get(key)?.split(' | ').length, key).toBe(text.split(' | ').length);
});
