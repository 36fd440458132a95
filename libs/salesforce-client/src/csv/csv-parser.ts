import { isAscii } from 'node:buffer';
import { InvalidInput } from '@tributary/failures';
import { ReadBuffer } from './read-buffer.ts';

const quote = 0x22;
const lineFeed = 0x0a;
const byteOrderMark = Buffer.from('\uFEFF');

/** Long texts of an object have 1,638,400 characters together, so no row comes near this; an unclosed quote must not collect a whole page in memory. */
export const maxRowBytes = 16 * 1024 * 1024;

/** Values as text; `''` stands for null, which CSV cannot tell from an empty text. */
export type CsvRow = readonly string[];

/**
 * Streaming RFC 4180 parser for Bulk API results: quotes doubled, line breaks inside quotes, LF or CRLF, an optional BOM; blank lines
 * are no rows. Memory is bounded by the longest row, and no byte is looked at again however the body is cut. The first row of every page is its header.
 */
export class CsvParser {
  readonly #in = new ReadBuffer(256);
  /** Bytes of the row under way that were looked at, and whether they can be taken as they are. */
  #scanned = 0;
  #ascii = true;
  #inQuotes = false;
  #atStart = true;
  /** NUL characters removed and pieces of broken UTF-8 replaced so far. */
  substitutions = 0;

  /** Rows completed by another piece of the body. @throws InvalidInput `CSV_BROKEN` */
  push(chunk: Buffer): CsvRow[] {
    this.#in.add(chunk);
    if (this.#atStart && !this.#isBegun()) return [];
    return this.#completeRows(this.#in.content);
  }

  /** The last row, when the body does not end with a line break. @throws InvalidInput `CSV_BROKEN` when it ends inside quotes */
  end(): CsvRow[] {
    if (this.#inQuotes) throw new InvalidInput('CSV_BROKEN', 'The CSV ends inside a quoted value.');
    const rest = this.#in.content;
    this.#in.drop(rest.length);
    this.#scanned = 0;
    const row = rest.length === 0 ? undefined : this.#row(rest, 0, rest.length, false);
    return row === undefined ? [] : [row];
  }

  /** Leaves a BOM out. @returns false while it may still become one */
  #isBegun(): boolean {
    const head = this.#in.content.subarray(0, byteOrderMark.length);
    if (head.length < byteOrderMark.length && byteOrderMark.subarray(0, head.length).equals(head)) return false;
    this.#atStart = false;
    if (head.equals(byteOrderMark)) this.#in.drop(byteOrderMark.length);
    return true;
  }

  #completeRows(buffer: Buffer): CsvRow[] {
    const rows: CsvRow[] = [];
    const added = buffer.subarray(this.#scanned);
    const clean = isAscii(added) && !added.includes(0);
    const ascii = this.#ascii && clean;
    const length = buffer.length;
    let inQuotes = this.#inQuotes;
    let rowStart = 0;
    // A loop over bytes: two searches a value would cost several times as much.
    for (let at = this.#scanned; at < length; at += 1) {
      const byte = buffer[at];
      if (byte === quote) inQuotes = !inQuotes;
      else if (byte === lineFeed && !inQuotes) {
        const row = this.#row(buffer, rowStart, at, ascii);
        if (row !== undefined) rows.push(row);
        rowStart = at + 1;
      }
    }
    this.#inQuotes = inQuotes;
    this.#in.drop(rowStart);
    this.#scanned = length - rowStart;
    this.#ascii = this.#scanned === 0 || (rowStart === 0 ? ascii : clean);
    if (this.#scanned > maxRowBytes) throw new InvalidInput('CSV_BROKEN', 'A CSV row does not end.');
    return rows;
  }

  #row(buffer: Buffer, start: number, end: number, ascii: boolean): CsvRow | undefined {
    const text = ascii ? buffer.toString('latin1', start, end) : this.#decode(buffer, start, end);
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    return line === '' ? undefined : splitRow(line);
  }

  #decode(buffer: Buffer, start: number, end: number): string {
    const text = buffer.toString('utf8', start, end);
    const broken = text.includes('\uFFFD') ? occurrences(text, '\uFFFD') - occurrences(buffer.toString('latin1', start, end), '\xEF\xBF\xBD') : 0;
    const nuls = text.includes('\0') ? occurrences(text, '\0') : 0;
    this.substitutions += broken + nuls;
    return nuls === 0 ? text : text.replaceAll('\0', '');
  }
}

function splitRow(line: string): CsvRow {
  const values: string[] = [];
  for (let at = 0; ; ) {
    const end = line.charCodeAt(at) === quote ? quotedValue(line, at + 1, values) : plainValue(line, at, values);
    if (end === line.length) return values;
    if (line[end] !== ',') throw new InvalidInput('CSV_BROKEN', 'The CSV has text after a closing quote.');
    at = end + 1;
  }
}

/** @returns where the value ends, its closing quote included */
function quotedValue(line: string, start: number, values: string[]): number {
  let doubled = false;
  for (let at = start; ; ) {
    const close = line.indexOf('"', at);
    if (close === -1) throw new InvalidInput('CSV_BROKEN', 'The CSV has an unclosed quote.');
    if (line.charCodeAt(close + 1) === quote) {
      doubled = true;
      at = close + 2;
      continue;
    }
    const value = line.slice(start, close);
    values.push(doubled ? value.replaceAll('""', '"') : value);
    return close + 1;
  }
}

function plainValue(line: string, start: number, values: string[]): number {
  const comma = line.indexOf(',', start);
  const end = comma === -1 ? line.length : comma;
  const value = line.slice(start, end);
  // Its line break cannot be told from the end of the row any more.
  if (value.includes('"')) throw new InvalidInput('CSV_BROKEN', 'The CSV has a quote inside an unquoted value.');
  values.push(value);
  return end;
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}
