import { hostileTexts } from '@tributary/testing/hostile-texts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvCells, csvLine, harmless } from './csv.ts';

it('quotes what needs it, and tells an empty text from nothing', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\r\nlines', '', null, 'é'])).toBe('a,"b,c","say ""hi""","two\r\nlines","",,é\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\0=1', '＝1', '＋1', '－1', '＠x', '=HYPERLINK("http://evil","x")', '=cmd|\' /C calc\'!A0', '\uFE62', '\uFE63x', '\uFE66', '\uFE6B', '\n=1', '\uFF1D\uFF1D', '\t', '\r\n=1', '-2+3+cmd|\' /C calc\'!A0', '@\u200B=1', '+49 30 1234', '=""&A1', '-'])('makes %j harmless', (text) => {
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

/** Reads lines by RFC 4180; a cell without quotes and without text is null. */
function read(text: string): (string | null)[][] {
  const lines: (string | null)[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    lines.at(-1)?.push(quoted === undefined ? (plain === '' ? null : plain) : quoted.replaceAll('""', '"'));
    if (end === '\r\n') lines.push([]);
  }
  return lines.slice(0, -1);
}

it('gives back every text by RFC 4180, and none of them begins like a formula', () => {
  const piece = fc.constantFrom('"', ',', '\r', '\n', '\r\n', '=', '+', '-', '@', '\t', '\0', '＝', "'", ' ', 'a', '1', 'é', '😀', '');
  const cell = fc.option(fc.oneof(fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')), fc.string()), { nil: null });
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }), (rows) => {
    const columns = (cells: readonly unknown[]) => cells.map((_, index) => ({ name: String(index), type: 'string' }));
    const written = rows.map((cells) => csvCells(columns(cells), { ...cells } as unknown as Record<string, string | null>));
    const back = read(written.map(csvLine).join(''));
    expect(back).toEqual(written);
    expect(back.map((cells, line) => cells.map((text, index) => text === rows[line]?.[index] || text === `'${rows[line]?.[index]}`))).toEqual(rows.map((cells) => cells.map(() => true)));
    expect(back.flat().filter((text) => text !== null && /^[=+\-@\t\r\n\0＝＋－＠]/.test(text))).toEqual([]);
  }), { numRuns: 2_000 });
});

it('writes hostile texts as they are, but for an apostrophe before those a spreadsheet would run', () => {
  const columns = [{ name: 'Name', type: 'string' }, { name: 'Amount', type: 'currency' }];
  const back = read(hostileTexts.map(({ text }) => csvLine(csvCells(columns, { Name: text, Amount: text }))).join(''));
  expect(back).toHaveLength(hostileTexts.length);
  for (const [index, { text }] of hostileTexts.entries()) {
    const runs = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/.test(text);
    expect(back[index]).toEqual([runs ? `'${text}` : text, runs && text !== '-0' ? `'${text}` : text]);
  }
});
