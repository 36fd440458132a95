import { isAscii, isUtf8 } from 'node:buffer';
import { InvalidInput } from '@tributary/failures';
import { CsvParser, maxRowBytes } from '@tributary/salesforce-client';
import type { PlannedColumn } from '../describe/column-plan.ts';
import type { ColumnType } from '../describe/column-type.ts';
import type { Slot } from '../warehouse/row-layout.ts';
import { binaryEncoderOf, type BinaryEncoder } from './binary-value.ts';
import { binaryNull } from './copy-buffer.ts';
import { blockBytes, newPageBuffer, type PageBuffer } from './page-buffers.ts';
import { mostListed } from './deleted-list.ts';
import type { Substitutions } from './substitutions.ts';

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from('\uFEFF');

/** How far a value is searched byte by byte before a call is worth its price. */
const nearBytes = 48;

/** An Id that is stored as it is sent. */
const plainId = /^[0-9A-Za-z]+$/;

const replaced = 'a character that cannot be stored was replaced';

/** What a row has besides its fields. */
export interface RowFrame {
  /** Number of the page, written as the first column; undefined when the table has no such column. */
  readonly page?: number | undefined;
  /** Where the columns, in their order, go; each into a column of its own when not given. */
  readonly slots?: readonly Pick<Slot, 'group'>[];
}

interface Field {
  readonly encode: BinaryEncoder;
  readonly reason: string;
}

/** PostgreSQL's fixed numbers of the types, which a value of a composite type names for each of its columns. */
const typeNumbers: Readonly<Record<ColumnType, number>> = { boolean: 16, bigint: 20, text: 25, date: 1082, time: 1083, timestamptz: 1184, numeric: 1700 };

/** A group of columns: from which field on, and the types of its columns. */
interface GroupFrame {
  readonly first: number;
  readonly types: readonly number[];
}

/**
 * Turns a page of CSV into tuples of a binary COPY without making a text of any value: `[page,] fields…, deleted`.
 * The dialect is that of `CsvParser`; what does not fit its type becomes null and is counted. Memory is bounded by the longest row.
 */
export class CsvCopy {
  readonly #fields: readonly Field[];
  readonly #names: readonly string[];
  readonly #page: number | undefined;
  readonly #tupleColumns: number;
  /** The group of each field that is in one; undefined when there are none. */
  readonly #groups: readonly (GroupFrame | undefined)[] | undefined;
  /** Where the group that is being written began, and whether it has a value. */
  #groupAt = 0;
  #groupFilled = false;
  readonly #deletedField: number;
  readonly #listsDeleted: boolean;
  readonly #substitutions: Substitutions;
  readonly #buffer: PageBuffer;
  /** Bytes with which a row that was not whole is tried again. */
  #tryAtBytes = 0;
  #start: 'mark' | 'header' | 'rows' = 'mark';
  #clean = true;
  /** Reasons met in a row that is not whole yet. */
  #met: string[] = [];
  #replacedInRow = 0;
  /** Where reading stands in the buffer. */
  #at = 0;
  rows = 0;
  /** Rows marked as deleted at the source. */
  deleted = 0;
  /** Their Ids, of rows without the number of a page, as far as an Id comes first and is a plain one; never more than `mostListed`. */
  readonly deletedIds: string[] = [];

  /**
   * @param columns in the order asked for
   * @param buffer its own until the last tuples are sent
   */
  constructor(columns: readonly Pick<PlannedColumn, 'field' | 'column' | 'type'>[], { page, slots }: RowFrame, substitutions: Substitutions, buffer: PageBuffer = newPageBuffer()) {
    this.#buffer = buffer;
    this.#fields = columns.map(({ field, type }) => ({ encode: binaryEncoderOf(type), reason: `a value of ${field} is no ${type}` }));
    this.#names = columns.map(({ field }) => field);
    this.#deletedField = columns.findIndex(({ column, type }) => column === 'isdeleted' && type === 'boolean');
    this.#page = page;
    this.#listsDeleted = page === undefined && columns[0]?.column === 'id';
    this.#tupleColumns = (slots?.length ?? columns.length) + (page === undefined ? 1 : 2);
    this.#groups = slots?.some(({ group }) => group !== undefined) === true ? groupFrames(slots) : undefined;
    this.#substitutions = substitutions;
  }

  /** @returns tuples of rows completed so far, when they are enough for a block; valid until the next block is asked for. @throws InvalidInput `CSV_BROKEN` */
  push(chunk: Buffer): Buffer | undefined {
    this.#buffer.read.add(chunk);
    // A long row is tried again only when twice as much of it is there.
    if (this.#buffer.read.length < this.#tryAtBytes) return undefined;
    this.#read(false);
    return this.#buffer.tuples.at >= blockBytes ? this.#buffer.tuples.take() : undefined;
  }

  /** The last tuples. @throws InvalidInput `CSV_BROKEN` when the page ends inside a row */
  end(): Buffer {
    this.#read(true);
    return this.#buffer.tuples.take();
  }

  #read(last: boolean): void {
    const buffer = this.#buffer.read.content;
    this.#at = 0;
    if (this.#start === 'mark') this.#skipMark(buffer, last);
    if (this.#start === 'header') this.#readHeader(buffer, last);
    if (this.#start === 'rows') {
      this.#clean = isStorable(buffer.subarray(this.#at, last ? buffer.length : buffer.lastIndexOf(lineFeed) + 1));
      while (this.#row(buffer, last));
    }
    this.#buffer.read.drop(this.#at);
    const rest = this.#buffer.read.length;
    this.#tryAtBytes = this.#at === 0 ? Math.min(rest * 2, maxRowBytes + 1) : 0;
    if (rest > maxRowBytes) throw broken('A CSV row does not end.');
    if (last && rest > 0) throw broken('The CSV ends inside a quoted value.');
  }

  #skipMark(buffer: Buffer, last: boolean): void {
    const head = buffer.subarray(0, byteOrderMark.length);
    if (head.length < byteOrderMark.length && byteOrderMark.subarray(0, head.length).equals(head) && !last) return;
    if (head.equals(byteOrderMark)) this.#at = byteOrderMark.length;
    this.#start = 'header';
  }

  #readHeader(buffer: Buffer, last: boolean): void {
    while (buffer[this.#at] === lineFeed || (buffer[this.#at] === carriageReturn && buffer[this.#at + 1] === lineFeed)) this.#at += 1;
    let end = buffer.indexOf(lineFeed, this.#at);
    if (end === -1 && last) end = buffer.length;
    if (end === -1 || this.#at >= buffer.length) return;
    // A name has no line break; a text that is no CSV is refused by its first line.
    const [header = []] = ((parser) => [...parser.push(buffer.subarray(this.#at, end)), ...parser.end()])(new CsvParser());
    const same = header.length === this.#names.length && header.every((name, index) => name.toLowerCase() === this.#names[index]?.toLowerCase());
    if (!same) throw broken('The CSV has other columns than asked for.');
    this.#at = Math.min(end + 1, buffer.length);
    this.#start = 'rows';
  }

  /** Reads one row. @returns false when there is no whole one; then nothing of it is kept */
  #row(buffer: Buffer, last: boolean): boolean {
    let at = this.#at;
    const { length } = buffer;
    while (at < length && (buffer[at] === lineFeed || (buffer[at] === carriageReturn && (buffer[at + 1] === lineFeed || (last && at + 1 === length))))) at += 1;
    this.#at = at;
    if (at >= length) return false;
    const out = this.#buffer.tuples;
    const begin = out.at;
    out.room(16);
    out.int16(this.#tupleColumns);
    if (this.#page !== undefined) {
      out.int32(4);
      out.int32(this.#page);
    }
    let deleted = false;
    for (let index = 0; ; index += 1) {
      const open = buffer[at] === quote;
      const start = open ? at + 1 : at;
      let end = open ? start : plainEnd(buffer, at);
      let doubled = false;
      if (open) {
        for (; ; end += 2) {
          end = quoteFrom(buffer, end);
          if (end === -1 || buffer[end + 1] !== quote) break;
          doubled = true;
        }
        if (end === -1 || (end + 1 >= length && !last)) return this.#notYet(begin);
      }
      at = open ? end + 1 : end;
      if (at >= length && !last) return this.#notYet(begin);
      if (!open && (at >= length || buffer[at] === lineFeed) && end > start && buffer[end - 1] === carriageReturn) end -= 1;
      if (open && buffer[at] === carriageReturn && (buffer[at + 1] === lineFeed || at + 1 >= length)) {
        if (at + 1 >= length && !last) return this.#notYet(begin);
        at += 1;
      }
      const field = this.#fields[index];
      if (field === undefined) throw broken(`A CSV row has more than ${this.#fields.length} values.`);
      if (index === this.#deletedField) deleted = buffer[start] === 0x74 && end - start === 4;
      const group = this.#groups?.[index];
      if (group === undefined) this.#value(field, buffer, start, end, doubled);
      else {
        this.#beforeGrouped(group, index);
        const valueAt = out.at;
        this.#value(field, buffer, start, end, doubled);
        this.#afterGrouped(group, index, valueAt);
      }
      const next = buffer[at];
      at += 1;
      if (next === comma) continue;
      if (next !== undefined && next !== lineFeed) throw broken('The CSV has text after a closing quote.');
      if (index + 1 !== this.#fields.length) throw broken(`A CSV row has ${index + 1} values instead of ${this.#fields.length}.`);
      break;
    }
    out.room(5);
    out.int32(1);
    out.bytes[out.at] = deleted ? 1 : 0;
    out.at += 1;
    if (deleted) this.#countDeleted(buffer);
    this.#at = Math.min(at, length);
    this.rows += 1;
    if (this.#met.length > 0 || this.#replacedInRow > 0) this.#count();
    return true;
  }

  /** Takes the Id from the beginning of the row, so that other rows cost nothing. */
  #countDeleted(buffer: Buffer): void {
    this.deleted += 1;
    if (!this.#listsDeleted || this.deletedIds.length >= mostListed) return;
    const open = buffer[this.#at] === quote;
    const start = open ? this.#at + 1 : this.#at;
    const end = open ? quoteFrom(buffer, start) : plainEnd(buffer, start);
    const id = buffer.toString('latin1', start, end);
    const goesOn = open && buffer[end + 1] === quote;
    if (!goesOn && plainId.test(id)) this.deletedIds.push(id);
  }

  #value(field: Field, buffer: Buffer, start: number, end: number, doubled: boolean): void {
    const out = this.#buffer.tuples;
    let fits: boolean;
    if (start === end) fits = false;
    else if (this.#clean) fits = doubled ? this.#unquoted(field, buffer, start, end) : field.encode(out, buffer, start, end);
    else {
      const text = this.#storable(buffer, start, end);
      const bytes = Buffer.from(doubled ? text.replaceAll('""', '"') : text);
      if (bytes.length === 0) {
        out.room(4);
        out.int32(binaryNull);
        return;
      }
      fits = field.encode(out, bytes, 0, bytes.length);
    }
    if (fits) return;
    out.room(4);
    out.int32(binaryNull);
    if (start !== end) this.#met.push(field.reason);
  }

  #beforeGrouped({ first, types }: GroupFrame, index: number): void {
    const out = this.#buffer.tuples;
    out.room(12);
    if (index === first) {
      this.#groupAt = out.at;
      this.#groupFilled = false;
      out.int32(0);
      out.int32(types.length);
    }
    out.int32(types[index - first] ?? 0);
  }

  /** A group of nothing takes no room. */
  #afterGrouped({ first, types }: GroupFrame, index: number, valueAt: number): void {
    const out = this.#buffer.tuples;
    // A length has its highest bit only when it stands for null.
    if ((out.bytes[valueAt] ?? 0) < 0x80) this.#groupFilled = true;
    if (index !== first + types.length - 1) return;
    if (this.#groupFilled) out.int32At(this.#groupAt, out.at - this.#groupAt - 4);
    else {
      out.at = this.#groupAt;
      out.int32(binaryNull);
    }
  }

  /** Encodes a value whose quotes are doubled. A text made of each would be most of what the garbage collector has to do. */
  #unquoted({ encode }: Field, buffer: Buffer, start: number, end: number): boolean {
    const most = end - start;
    if (this.#buffer.unquoted.length < most) this.#buffer.unquoted = Buffer.allocUnsafeSlow(2 * most);
    const { unquoted, tuples } = this.#buffer;
    let length = 0;
    for (let at = start; at < end; at += 1) {
      const byte = buffer[at] ?? 0;
      unquoted[length] = byte;
      length += 1;
      if (byte === quote) at += 1;
    }
    return encode(tuples, unquoted, 0, length);
  }

  #storable(buffer: Buffer, start: number, end: number): string {
    const text = buffer.toString('utf8', start, end);
    const broken = text.includes('\uFFFD') ? occurrences(text, '\uFFFD') - occurrences(buffer.toString('latin1', start, end), '\xEF\xBF\xBD') : 0;
    const nuls = text.includes('\0') ? occurrences(text, '\0') : 0;
    this.#replacedInRow += broken + nuls;
    return nuls > 0 ? text.replaceAll('\0', '') : text;
  }

  #notYet(begin: number): false {
    this.#buffer.tuples.at = begin;
    this.#met = [];
    this.#replacedInRow = 0;
    return false;
  }

  #count(): void {
    for (const reason of this.#met) this.#substitutions.add(reason);
    this.#substitutions.add(replaced, this.#replacedInRow);
    this.#met = [];
    this.#replacedInRow = 0;
  }
}

function groupFrames(slots: readonly Pick<Slot, 'group'>[]): (GroupFrame | undefined)[] {
  const frames: (GroupFrame | undefined)[] = [];
  for (const { group } of slots) {
    const frame = group === undefined ? undefined : { first: frames.length, types: group.columns.map(({ type }) => typeNumbers[type]) };
    for (let count = group?.columns.length ?? 1; count > 0; count -= 1) frames.push(frame);
  }
  return frames;
}

function quoteFrom(buffer: Buffer, start: number): number {
  const near = Math.min(start + nearBytes, buffer.length);
  for (let at = start; at < near; at += 1) if (buffer[at] === quote) return at;
  return near === buffer.length ? -1 : buffer.indexOf(quote, near);
}

/** End of a value without quotes. @throws InvalidInput `CSV_BROKEN` for a quote inside: its line break could not be told from the end of the row */
function plainEnd(buffer: Buffer, start: number): number {
  for (let at = start; at < buffer.length; at += 1) {
    const byte = buffer[at];
    if (byte === comma || byte === lineFeed) return at;
    if (byte === quote) throw broken('The CSV has a quote inside an unquoted value.');
  }
  return buffer.length;
}

/** Whether every character can be stored as it is. */
function isStorable(bytes: Buffer): boolean {
  return (isAscii(bytes) || isUtf8(bytes)) && !bytes.includes(0);
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

function broken(message: string): InvalidInput {
  return new InvalidInput('CSV_BROKEN', message);
}
