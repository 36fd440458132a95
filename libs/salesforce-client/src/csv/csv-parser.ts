import { InvalidInput } from '@tributary/failures';

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const decoder = new TextDecoder('utf-8');

/** A field's raw bytes are handed out as text; `''` stands for null, which CSV cannot tell from an empty text. */
export type CsvRow = readonly string[];

/**
 * Streaming RFC 4180 parser for Bulk API results: quotes doubled, line breaks inside quotes, LF or CRLF, an optional BOM.
 * Memory is bounded by the longest row. The first row of every page is its header.
 */
export class CsvParser {
  #rest: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #inQuotes = false;
  #first = true;
  /** NUL characters and broken UTF-8 replaced so far. */
  substitutions = 0;

  /** Rows completed by another piece of the body. */
  push(chunk: Buffer): CsvRow[] {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const rows: CsvRow[] = [];
    let rowStart = this.#first && buffer.length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0;
    let at = Math.max(this.#scanned, rowStart);
    while (at < buffer.length) {
      if (this.#inQuotes) {
        const next = buffer.indexOf(quote, at);
        if (next === -1) {
          at = buffer.length;
          break;
        }
        this.#inQuotes = false;
        at = next + 1;
        continue;
      }
      const end = buffer.indexOf(lineFeed, at);
      const nextQuote = buffer.indexOf(quote, at);
      if (nextQuote !== -1 && (end === -1 || nextQuote < end)) {
        this.#inQuotes = true;
        at = nextQuote + 1;
        continue;
      }
      if (end === -1) {
        at = buffer.length;
        break;
      }
      this.#first = false;
      if (end > rowStart && !(end === rowStart + 1 && buffer[rowStart] === carriageReturn)) rows.push(this.#row(buffer, rowStart, end));
      rowStart = end + 1;
      at = rowStart;
    }
    this.#rest = rowStart === 0 ? buffer : buffer.subarray(rowStart);
    this.#scanned = at - rowStart;
    return rows;
  }

  /** The last row, when the body does not end with a line break. @throws InvalidInput `CSV_BROKEN` when it ends inside quotes */
  end(): CsvRow[] {
    if (this.#inQuotes) throw new InvalidInput('CSV_BROKEN', 'The CSV ends inside a quoted value.');
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [this.#row(rest, 0, rest.length)];
  }

  #row(buffer: Buffer, start: number, lineEnd: number): CsvRow {
    const end = lineEnd > start && buffer[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    const fields: string[] = [];
    let at = start;
    for (;;) {
      if (at < end && buffer[at] === quote) at = this.#quoted(buffer, at + 1, end, fields);
      else {
        const stop = fieldEnd(buffer, at, end);
        fields.push(this.#text(buffer, at, stop));
        at = stop;
      }
      if (at >= end) return fields;
      if (buffer[at] !== comma) throw new InvalidInput('CSV_BROKEN', 'The CSV has text after a closing quote.');
      at += 1;
      if (at === end) {
        fields.push('');
        return fields;
      }
    }
  }

  #quoted(buffer: Buffer, start: number, end: number, fields: string[]): number {
    let at = start;
    let doubled = false;
    for (;;) {
      const close = buffer.indexOf(quote, at);
      if (close === -1 || close >= end) throw new InvalidInput('CSV_BROKEN', 'The CSV has an unclosed quote.');
      if (close + 1 < end && buffer[close + 1] === quote) {
        doubled = true;
        at = close + 2;
        continue;
      }
      const text = this.#text(buffer, start, close);
      fields.push(doubled ? text.replaceAll('""', '"') : text);
      return close + 1;
    }
  }

  #text(buffer: Buffer, start: number, end: number): string {
    if (start === end) return '';
    const text = buffer.latin1Slice(start, end);
    // Almost every value is plain ASCII: only the others are decoded.
    if (!/[\0\x80-\xff]/.test(text)) return text;
    const decoded = decoder.decode(buffer.subarray(start, end));
    let replaced = 0;
    const clean = decoded.replace(/\0/g, () => (replaced++, ''));
    if (decoded.includes('\uFFFD') && !buffer.subarray(start, end).includes('\uFFFD')) replaced += decoded.split('\uFFFD').length - 1;
    this.substitutions += replaced;
    return clean;
  }
}

function fieldEnd(buffer: Buffer, start: number, end: number): number {
  const stop = buffer.indexOf(comma, start);
  return stop === -1 || stop > end ? end : stop;
}

/**
 * Rows of one result page without its header, a batch per piece of the body.
 * @param expected column names in the order asked for
 * @throws InvalidInput `CSV_BROKEN` for another header, a row of another width or an end inside quotes
 */
export async function* readCsvPage(body: AsyncIterable<Buffer>, expected: readonly string[], parser = new CsvParser()): AsyncGenerator<readonly CsvRow[]> {
  let header = true;
  const check = (rows: CsvRow[]): CsvRow[] => {
    if (header && rows.length > 0) {
      header = false;
      requireHeader(rows.shift() ?? [], expected);
    }
    for (const row of rows) if (row.length !== expected.length) throw new InvalidInput('CSV_BROKEN', `A CSV row has ${row.length} values instead of ${expected.length}.`);
    return rows;
  };
  for await (const chunk of body) {
    const rows = check(parser.push(chunk));
    if (rows.length > 0) yield rows;
  }
  const last = check(parser.end());
  if (last.length > 0) yield last;
}

function requireHeader(header: CsvRow, expected: readonly string[]): void {
  const same = header.length === expected.length && header.every((name, index) => name.toLowerCase() === expected[index]?.toLowerCase());
  if (!same) throw new InvalidInput('CSV_BROKEN', 'The CSV has other columns than asked for.');
}
