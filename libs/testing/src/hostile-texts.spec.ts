import { expect, it } from 'vitest';
import { hostileTexts } from './hostile-texts.ts';

it('are two hundred, each once', () => {
  expect([hostileTexts.length, new Set(hostileTexts.map(({ text }) => text)).size]).toEqual([200, 200]);
});
