// @vitest-environment happy-dom
import { hostileTexts } from '@tributary/testing/hostile-texts';
import { expect, it } from 'vitest';
import { tooltipOf } from './option-parts.ts';

it('makes a tooltip of hostile texts without making markup of them', () => {
  const texts = hostileTexts.map(({ text }) => text);
  const box = tooltipOf(texts);
  expect([...box.children].map((row) => [row.tagName, row.childElementCount, row.textContent])).toEqual(texts.map((text) => ['DIV', 0, text]));
});
