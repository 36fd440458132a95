// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { markupFree } from './markup-free.ts';

it.each(['', ':root{--ui-primary:var(--ui-color-primary-500);}', 'a > b && c', '&lt;img src=x&gt;'])('lets text through that no parser makes an element of: %j', (text) => {
  expect(markupFree(text)).toBe(text);
  const element = document.createElement('div');
  element.innerHTML = text;
  expect(element.children).toHaveLength(0);
});

it.each(['<b>x</b>', 'x<!-- -->', '</style><script>alert(1)</script>', '<'])('refuses %j', (text) => {
  expect(markupFree(text)).toBeNull();
});
