import type { ColumnType } from '../describe/column-type.ts';
import type { CopyBuffer } from './copy-buffer.ts';
import { encoderOf } from './copy-value.ts';

/**
 * Writes a Salesforce value, given as the bytes of its text, with its length in COPY's binary format. The value is not empty.
 * @returns false when it does not fit the type; then nothing is written
 */
export type BinaryEncoder = (out: CopyBuffer, source: Buffer, start: number, end: number) => boolean;

/** The encoder of a column type. It accepts the same values as the text encoder. */
export function binaryEncoderOf(type: ColumnType): BinaryEncoder {
  return encoders[type];
}

const zero = 0x30;
const minus = 0x2d;
const plus = 0x2b;
const dot = 0x2e;
const colon = 0x3a;
const fewBytes = 24;

function text(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const length = end - start;
  out.room(4 + length);
  out.int32(length);
  const { bytes, at } = out;
  if (length > fewBytes) source.copy(bytes, at, start, end);
  // A call costs more than a few bytes.
  else for (let index = 0; index < length; index += 1) bytes[at + index] = source[start + index] ?? 0;
  out.at = at + length;
  return true;
}

function boolean(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const isTrue = spells(source, start, end, yes);
  if (!isTrue && !spells(source, start, end, no)) return false;
  out.room(5);
  out.int32(1);
  out.bytes[out.at] = isTrue ? 1 : 0;
  out.at += 1;
  return true;
}

const yes = Buffer.from('true');
const no = Buffer.from('false');

function spells(source: Buffer, start: number, end: number, word: Buffer): boolean {
  if (end - start !== word.length) return false;
  for (let index = 0; index < word.length; index += 1) if (source[start + index] !== word[index]) return false;
  return true;
}

const safeDigits = 15;

function integer(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const negative = source[start] === minus;
  const first = negative ? start + 1 : start;
  let value = end > first && end - first <= safeDigits ? 0 : Number.NaN;
  for (let at = first; at < end; at += 1) {
    const digit = (source[at] ?? 0) - zero;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  if (Number.isNaN(value)) return unusualInteger(out, source, start, end);
  out.room(12);
  out.int32(8);
  const signed = negative ? -value : value;
  out.int32(Math.floor(signed / 2 ** 32));
  out.int32(signed % 2 ** 32);
  return true;
}

function unusualInteger(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const whole = encoderOf('bigint')(source.toString('latin1', start, end));
  if (whole === undefined) return false;
  out.room(12);
  out.int32(8);
  out.bytes.writeBigInt64BE(BigInt(whole), out.at);
  out.at += 8;
  return true;
}

const mostDigits = 1_000;

function numeric(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  return end - start <= mostDigits && plainDecimal(out, source, start, end) ? true : unusualDecimal(out, source, start, end);
}

/** Sign, digits, point, digits: in groups of four digits from the point. */
function plainDecimal(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const sign = source[start];
  const whole = sign === minus || sign === plus ? start + 1 : start;
  const point = endOfDigits(source, whole, end);
  const fraction = source[point] === dot && point < end ? point + 1 : point;
  const last = endOfDigits(source, fraction, end);
  const scale = last - fraction;
  if (last !== end || (point === whole && scale === 0)) return false;
  const wholeGroups = (point - whole + 3) >> 2;
  const fractionGroups = (scale + 3) >> 2;
  out.room(12 + 2 * (wholeGroups + fractionGroups));
  out.int32(8 + 2 * (wholeGroups + fractionGroups));
  out.int16(wholeGroups + fractionGroups);
  out.int16(wholeGroups - 1);
  out.int16(sign === minus ? 0x4000 : 0);
  out.int16(scale);
  for (let group = wholeGroups; group > 0; group -= 1) out.int16(fourDigits(source, point - 4 * group, whole, point));
  for (let group = 0; group < fractionGroups; group += 1) out.int16(fourDigits(source, fraction + 4 * group, fraction, last));
  return true;
}

function endOfDigits(source: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (source[at] ?? 0) >= zero && (source[at] ?? 0) <= zero + 9) at += 1;
  return at;
}

/** Four decimal digits as a number; digits outside of the bounds are zeros. */
function fourDigits(source: Buffer, at: number, from: number, until: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index += 1) value = value * 10 + (index >= from && index < until ? (source[index] ?? zero) - zero : 0);
  return value;
}

function unusualDecimal(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const value = encoderOf('numeric')(source.toString('latin1', start, end));
  const expanded = value === undefined ? undefined : Buffer.from(withoutExponent(value), 'latin1');
  return expanded !== undefined && plainDecimal(out, expanded, 0, expanded.length);
}

/** `1.5E-7` as `0.00000015`, digit by digit. */
function withoutExponent(value: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(value) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return point > 0 ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/** A number of exactly so many digits; NaN for anything else. */
function digitsAt(source: Buffer, start: number, count: number, end: number): number {
  if (start + count > end) return Number.NaN;
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = (source[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 1 March of the year 0 to 1 January 2000, PostgreSQL's first day. */
const epochDays = 730_425;

/** Days from 2000-01-01 to `YYYY-MM-DD`; NaN when there is no such day. */
function dayAt(source: Buffer, start: number, end: number): number {
  if (source[start + 4] !== minus || source[start + 7] !== minus) return Number.NaN;
  const year = digitsAt(source, start, 4, end);
  const month = digitsAt(source, start + 5, 2, end);
  const day = digitsAt(source, start + 8, 2, end);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (!(year >= 1 && day >= 1 && day <= (daysInMonth[month - 1] ?? 0) + (leap ? 1 : 0))) return Number.NaN;
  // Years that begin in March end with the leap day.
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  return 365 * marchYear + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - epochDays;
}

function date(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const day = end - start === 10 ? dayAt(source, start, end) : Number.NaN;
  if (Number.isNaN(day)) return false;
  out.room(8);
  out.int32(4);
  out.int32(day);
  return true;
}

/** Seconds of `HH:MM:SS`; NaN when there is no such time. */
function secondsAt(source: Buffer, start: number, end: number): number {
  const hour = digitsAt(source, start, 2, end);
  const minute = digitsAt(source, start + 3, 2, end);
  const second = digitsAt(source, start + 6, 2, end);
  return source[start + 2] === colon && source[start + 5] === colon && hour < 24 && minute < 60 && second < 60 ? hour * 3_600 + minute * 60 + second : Number.NaN;
}

/** End of a fraction of one to six digits that starts with a point at `start`; `start` when there is none. */
function endOfFraction(source: Buffer, start: number, end: number): number {
  if (source[start] !== dot || start >= end) return start;
  const after = endOfDigits(source, start + 1, end);
  return after > start + 1 && after <= start + 7 ? after : start;
}

function microseconds(source: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start + 1; at < start + 7; at += 1) value = value * 10 + (at < end ? (source[at] ?? zero) - zero : 0);
  return value;
}

/** Seconds east of UTC of `Z`, `+0000` or `+00:00`; NaN for anything else. */
function offsetAt(source: Buffer, start: number, end: number): number {
  const sign = source[start];
  if (sign === 0x5a) return start + 1 === end ? 0 : Number.NaN;
  if (sign !== plus && sign !== minus) return Number.NaN;
  const hours = digitsAt(source, start + 1, 2, end);
  const minuteAt = source[start + 3] === colon ? start + 4 : start + 3;
  const minutes = digitsAt(source, minuteAt, 2, end);
  if (minuteAt + 2 !== end || !(hours < 16 && minutes < 60)) return Number.NaN;
  return (sign === minus ? -1 : 1) * (hours * 3_600 + minutes * 60);
}

function instant(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const day = source[start + 10] === 0x54 ? dayAt(source, start, end) : Number.NaN;
  const fractionEnd = endOfFraction(source, start + 19, end);
  const seconds = day * 86_400 + secondsAt(source, start + 11, end) - offsetAt(source, fractionEnd, end);
  if (Number.isNaN(seconds)) return false;
  // Microseconds of far years are no exact doubles: 1,000,000 = 15,625 × 2⁶.
  const high = seconds * 15_625;
  const low = (high - Math.floor(high / 2 ** 26) * 2 ** 26) * 64 + microseconds(source, start + 19, fractionEnd);
  out.room(12);
  out.int32(8);
  out.int32(Math.floor(high / 2 ** 26) + Math.floor(low / 2 ** 32));
  out.int32(low % 2 ** 32);
  return true;
}

function time(out: CopyBuffer, source: Buffer, start: number, end: number): boolean {
  const seconds = secondsAt(source, start, end);
  const fractionEnd = endOfFraction(source, start + 8, end);
  const rest = source[fractionEnd] === 0x5a && fractionEnd < end ? fractionEnd + 1 : fractionEnd;
  if (Number.isNaN(seconds) || rest !== end) return false;
  const value = seconds * 1_000_000 + microseconds(source, start + 8, fractionEnd);
  out.room(12);
  out.int32(8);
  out.int32(Math.floor(value / 2 ** 32));
  out.int32(value % 2 ** 32);
  return true;
}

const encoders: Readonly<Record<ColumnType, BinaryEncoder>> = { text, boolean, bigint: integer, numeric, date, timestamptz: instant, time };
