import { setImmediate as breathe } from 'node:timers/promises';
import type { FieldValue, Row, RowSource } from '../org/value.ts';
import type { ResolvedField } from '../soql/resolve.ts';
import type { Delimiter } from './bulk-job.ts';

const delimiters: Readonly<Record<Delimiter, string>> = { BACKQUOTE: '`', CARET: '^', COMMA: ',', PIPE: '|', SEMICOLON: ';', TAB: '\t' };

export interface CsvFormat {
  readonly delimiter: Delimiter;
  readonly lineEnding: 'LF' | 'CRLF';
}

const pieceRows = 1_000;

/** A page of a result in pieces, its header first; the next piece is made when the reader asks for it. */
export async function* csvPage(fields: readonly ResolvedField[], rows: RowSource, from: number, until: number, format: CsvFormat): AsyncGenerator<Buffer> {
  const separator = delimiters[format.delimiter];
  const end = format.lineEnding === 'CRLF' ? '\r\n' : '\n';
  const writers = fields.map(({ get, field }) => writerOf(field.type, get));
  let piece = fields.map(({ path }) => `"${path}"`).join(separator) + end;
  for (let start = from; start < until; start += pieceRows) {
    for (let index = start; index < Math.min(until, start + pieceRows); index += 1) {
      const row = rows.at(index);
      let line = '';
      for (let column = 0; column < writers.length; column += 1) line += (column === 0 ? '' : separator) + (writers[column]?.(row) ?? '""');
      piece += line + end;
    }
    yield Buffer.from(piece);
    piece = '';
    await breathe();
  }
  if (piece !== '') yield Buffer.from(piece);
}

/** Every value in quotes, quotes doubled, null as empty text; whole numbers of decimal types end in `.0`. */
function writerOf(type: string, get: (row: Row) => FieldValue): (row: Row) => string {
  if (type === 'double' || type === 'currency' || type === 'percent') {
    return (row) => {
      const value = get(row);
      if (value === null) return '""';
      return Number.isInteger(value) ? `"${String(value)}.0"` : `"${String(value)}"`;
    };
  }
  return (row) => {
    const value = get(row);
    if (value === null) return '""';
    return typeof value === 'string' && value.includes('"') ? `"${value.replaceAll('"', '""')}"` : `"${String(value)}"`;
  };
}
