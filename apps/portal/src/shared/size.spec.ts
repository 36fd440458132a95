import { expect, it } from 'vitest';
import { sizeText } from './size.ts';

it.each([[0, '0 byte'], [999, '999 byte'], [1_000, '1 kB'], [1_523_000, '1.52 MB'], [340_000_000_000, '340 GB']])('says %d bytes as %s', (bytes, text) => {
  expect(sizeText(bytes, 'en')).toBe(text);
});
