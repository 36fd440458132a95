import { expect, it } from 'vitest';
import { chartColours } from './chart-colours.ts';

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

it.each(['light', 'dark'] as const)('keeps every colour at least 3:1 and text at least 4.5:1 against the card in the %s theme', (theme) => {
  const { series, card, text, quiet } = chartColours[theme];
  for (const colour of series) expect(contrast(colour, card), colour).toBeGreaterThanOrEqual(3);
  for (const colour of [text, quiet]) expect(contrast(colour, card), colour).toBeGreaterThanOrEqual(4.5);
  expect(new Set(series).size).toBe(8);
});
