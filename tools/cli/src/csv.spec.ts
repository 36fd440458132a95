import { expect, it } from 'vitest';
import { csvCells, csvLine, harmless } from './csv.ts';

it('quotes what needs it, and tells an empty text from nothing', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\r\nlines', '', null, 'é'])).toBe('a,"b,c","say ""hi""","two\r\nlines","",,é\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\0=1', '＝1', '＋1', '－1', '＠x', '=HYPERLINK("http://evil","x")', '=cmd|\' /C calc\'!A0'])('makes %j harmless', (text) => {
  expect(harmless(text)).toBe(`'${text}`);
});

it.each(['a=1', '1-1', ' =1', 'ann@example.com', "'=1"])('leaves %j as it is', (text) => {
  expect(harmless(text)).toBe(text);
});

it('keeps numbers of number columns, and nothing else that looks like one', () => {
  const columns = [{ name: 'Amount', type: 'currency' }, { name: 'Phone', type: 'phone' }, { name: 'Odd', type: 'double' }];
  expect(csvCells(columns, { Amount: '-12.50', Phone: '-12.50', Odd: '=1' })).toEqual(['-12.50', "'-12.50", "'=1"]);
  expect(csvCells(columns, {})).toEqual([null, null, null]);
});
