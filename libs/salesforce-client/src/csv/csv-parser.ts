import { isAscii } from 'node:buffer';
import { InvalidInput } from '@tributary/failures';

const quote = 0x22;
const lineFeed = 0x0a;
const byteOrderMark = Buffer.from('\uFEFF');

/** No row of Salesforce comes near this; an unclosed quote must not collect a whole page in memory. */
const maxRowBytes = 32 * 1024 * 1024;

/** Values as text; `''` stands for null, which CSV cannot tell from an empty text. */
export type CsvRow = readonly string[];

/**
 * Streaming RFC 4180 parser for Bulk API results: quotes doubled, line breaks inside quotes, LF or CRLF, an optional BOM; blank lines
 * are no rows. Memory is bounded by the longest row. The first row of every page is its header.
 */
export class CsvParser {
  #rest: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #inQuotes = false;
  #atStart = true;
  /** NUL characters removed and pieces of broken UTF-8 replaced so far. */
  substitutions = 0;

  /** Rows completed by another piece of the body. @throws InvalidInput `CSV_BROKEN` */
  push(chunk: Buffer): CsvRow[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#atStart) {
      if (buffer.length < byteOrderMark.length && byteOrderMark.subarray(0, buffer.length).equals(buffer)) {
        this.#rest = buffer;
        return [];
      }
      this.#atStart = false;
      if (buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark)) buffer = buffer.subarray(byteOrderMark.length);
    }
    return this.#completeRows(buffer);
  }

  /** The last row, when the body does not end with a line break. @throws InvalidInput `CSV_BROKEN` when it ends inside quotes */
  end(): CsvRow[] {
    if (this.#inQuotes) throw new InvalidInput('CSV_BROKEN', 'The CSV ends inside a quoted value.');
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    this.#scanned = 0;
    const row = rest.length === 0 ? undefined : this.#row(rest, 0, rest.length, false);
    return row === undefined ? [] : [row];
  }

  #completeRows(buffer: Buffer): CsvRow[] {
    const rows: CsvRow[] = [];
    const ascii = isAscii(buffer) && !buffer.includes(0);
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
    this.#rest = rowStart === 0 ? buffer : buffer.subarray(rowStart);
    this.#scanned = this.#rest.length;
    if (this.#rest.length > maxRowBytes) throw new InvalidInput('CSV_BROKEN', 'A CSV row does not end.');
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
