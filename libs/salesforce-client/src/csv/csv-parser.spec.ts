import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvParser, maxRowBytes, type CsvRow } from './csv-parser.ts';

/** Rows of a text that comes in the given pieces. */
function parse(...pieces: readonly (string | Buffer)[]): CsvRow[] {
  const parser = new CsvParser();
  return [...pieces.flatMap((piece) => parser.push(Buffer.from(piece))), ...parser.end()];
}

/** The dialect of Salesforce: every value quoted, quotes doubled. */
function encode(rows: readonly CsvRow[], lineEnd = '\n'): string {
  return rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + lineEnd).join('');
}

describe('the dialect', () => {
  it.each([
    ['quoted values', '"a","b"\n"c","d"\n', [['a', 'b'], ['c', 'd']]],
    ['plain values', 'a,b\nc,d\n', [['a', 'b'], ['c', 'd']]],
    ['no line break at the end', '"a","b"', [['a', 'b']]],
    ['CRLF', '"a","b"\r\n"c","d"\r\n', [['a', 'b'], ['c', 'd']]],
    ['CRLF after plain values', 'a,b\r\nc,d\r\n', [['a', 'b'], ['c', 'd']]],
    ['a lone CR at the end', '"a","b"\r', [['a', 'b']]],
    ['a comma in a value', '"a,b","c"\n', [['a,b', 'c']]],
    ['a doubled quote', '"a ""b"" c"\n', [['a "b" c']]],
    ['a value of one quote', '""""\n', [['"']]],
    ['a value of two quotes', '""""""\n', [['""']]],
    ['LF in a value', '"a\nb","c"\n', [['a\nb', 'c']]],
    ['CRLF in a value', '"a\r\nb","c"\r\n', [['a\r\nb', 'c']]],
    ['a value that ends in CR', '"a\r"\n', [['a\r']]],
    ['nulls', '"","",""\n', [['', '', '']]],
    ['nulls without quotes', ',,\n', [['', '', '']]],
    ['a null at the end', 'a,\n', [['a', '']]],
    ['one column of null', '""\n', [['']]],
    ['a BOM', '\uFEFF"a"\n', [['a']]],
    ['a BOM inside a value', '"\uFEFFa"\n', [['\uFEFFa']]],
    ['two BOMs', '\uFEFF\uFEFFa\n', [['\uFEFFa']]],
    ['a BOM and nothing else', '\uFEFF', []],
    ['nothing', '', []],
    ['blank lines', '\n"a"\n\r\n"b"\n\n', [['a'], ['b']]],
    ['spaces, which belong to the value', ' a , b \n', [[' a ', ' b ']]],
    ['letters of all kinds', '"ärger","日本","😀","ﷺ"\n', [['ärger', '日本', '😀', 'ﷺ']]],
  ] as const)('reads %s', (_name, text, rows) => {
    expect(parse(text)).toEqual(rows);
    expect(parse(...Buffer.from(text).toString('latin1').split('').map((byte) => Buffer.from(byte, 'latin1')))).toEqual(rows);
  });

  it.each([
    ['a quote inside a plain value', 'a"b,c\nd"e,f\n'],
    ['a quote at the end of a plain value', 'a"b"\n'],
    ['text after a closing quote', '"a"b,"c"\n'],
    ['a space after a closing quote', '"a" ,"c"\n'],
    ['an end inside a quoted value', '"a","b'],
    ['an end inside a quoted value after a line break', '"a","b\n"c","d"'],
    ['an end after a doubled quote', '"a""'],
  ])('refuses %s', (_name, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'CSV_BROKEN' }));
  });
});

describe('what no database can store', () => {
  it.each([
    ['NUL', Buffer.from('"a\0b","\0"\n'), [['ab', '']], 2],
    ['a broken sequence', Buffer.from([0x22, 0x61, 0xc3, 0x28, 0x22, 0x0a]), [['a\uFFFD(']], 1],
    ['a sequence cut off by the closing quote', Buffer.from([0x22, 0xe2, 0x82, 0x22, 0x0a]), [['\uFFFD']], 1],
    ['a lone surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a]), [['\uFFFD\uFFFD\uFFFD']], 3],
    ['nothing when the source itself has the replacement character', Buffer.from('"\uFFFD"\n'), [['\uFFFD']], 0],
    ['only the broken one of both', Buffer.from([0x22, 0xef, 0xbf, 0xbd, 0xff, 0x22, 0x0a]), [['\uFFFD\uFFFD']], 1],
  ] as const)('is replaced and counted: %s', (_name, bytes, rows, substitutions) => {
    const parser = new CsvParser();
    expect(parser.push(bytes)).toEqual(rows);
    expect(parser.substitutions).toBe(substitutions);
  });
});

describe('any piecewise delivery', () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'ä', '😀', ' ', '\uFEFF') }), fc.constant('')).map((text) => text.replaceAll('\0', ''));
  const rows = fc.integer({ min: 1, max: 5 }).chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 12 }));

  it('gives back the rows that were encoded', () => {
    fc.assert(fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(), { maxLength: 20 }), (expected, lineEnd, cuts) => {
      const bytes = Buffer.from(encode(expected, lineEnd));
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const parser = new CsvParser();
      const found = at.slice(1).flatMap((end, index) => parser.push(bytes.subarray(at[index], end)));
      expect([...found, ...parser.end()]).toEqual(expected);
    }), { numRuns: 1_000 });
  });

  it('gives the same rows, or the same refusal, of any bytes', () => {
    const outcome = (pieces: readonly Buffer[]): unknown => {
      try {
        const parser = new CsvParser();
        const found = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
        return { found, substitutions: parser.substitutions };
      } catch {
        return 'refused';
      }
    };
    const byte = fc.oneof(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x61, 0xef, 0xbb, 0xbf), fc.nat(255));
    fc.assert(fc.property(fc.array(byte, { maxLength: 40 }), (list) => {
      const bytes = Buffer.from(list);
      expect(outcome([...bytes].map((one) => Buffer.of(one)))).toEqual(outcome([bytes]));
    }), { numRuns: 2_000 });
  });
});

it('reads a value of 131,072 characters in pieces of 4 KiB', () => {
  const long = 'x"é\n'.repeat(32_768);
  const bytes = Buffer.from(encode([['before', long, 'after']]));
  const pieces = Array.from({ length: Math.ceil(bytes.length / 4_096) }, (_, index) => bytes.subarray(index * 4_096, (index + 1) * 4_096));
  expect(parse(...pieces)).toEqual([['before', long, 'after']]);
  expect(long).toHaveLength(131_072);
});

describe('a row that never ends', () => {
  /** Pushes a quote that never closes. @returns microseconds of processor time it took */
  function collect(bytes: number, pieceBytes: number): number {
    const parser = new CsvParser();
    const piece = Buffer.alloc(pieceBytes, 'a\n');
    const before = process.cpuUsage();
    parser.push(Buffer.from('"'));
    for (let pushed = 1; pushed < bytes; pushed += pieceBytes) parser.push(piece);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  it('is given up when it is longer than any row, instead of collecting the page', () => {
    expect(() => collect(maxRowBytes + 4_096, 4_096)).toThrow(expect.objectContaining({ code: 'CSV_BROKEN' }));
  });

  it('costs about as much in pieces as at once', () => {
    const bytes = 5 * 1024 ** 2;
    const atOnce = Math.min(...[1, 2, 3].map(() => collect(bytes, bytes)));
    // Looking at everything again for each piece costs some eighty times as much.
    expect(collect(bytes, 4_096) / atOnce).toBeLessThan(20);
  });
});
