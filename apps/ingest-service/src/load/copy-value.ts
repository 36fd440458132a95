import type { ColumnType } from '../describe/column-type.ts';

/** COPY's own mark for null. */
export const copyNull = '\\N';

/**
 * A Salesforce value in COPY's text format, exact.
 * `''` is null: Salesforce has no empty texts. Undefined when the value does not fit the type.
 */
export type ValueEncoder = (value: string) => string | undefined;

/** The encoder of a column type. */
export function encoderOf(type: ColumnType): ValueEncoder {
  return encoders[type];
}

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function text(value: string): string {
  if (value === '') return copyNull;
  return special.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? character) : value;
}

function boolean(value: string): string | undefined {
  if (value === '') return copyNull;
  return value === 'true' || value === 'false' ? value : undefined;
}

const plainInteger = /^-?\d{1,18}$/;
const wholeDecimal = /^([+-]?\d{1,19})(?:\.0*)?$/;
const maxBigint = 9_223_372_036_854_775_807n;

/** Whole numbers may arrive as `5.0` or `5E3`. */
function integer(value: string): string | undefined {
  if (value === '') return copyNull;
  if (plainInteger.test(value)) return value;
  const digits = wholeDecimal.exec(value)?.[1];
  if (digits !== undefined) {
    const whole = BigInt(digits);
    return whole <= maxBigint && whole >= -maxBigint - 1n ? whole.toString() : undefined;
  }
  const scientific = /^[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(scientific) ? String(scientific) : undefined;
}

const decimal = /^[+-]?(?:\d{1,1000}(?:\.\d{0,1000})?|\.\d{1,1000})(?:[eE][+-]?\d{1,3})?$/;

function numeric(value: string): string | undefined {
  if (value === '') return copyNull;
  return decimal.test(value) ? value : undefined;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (daysInMonth[month - 1] ?? 0) + (leap ? 1 : 0);
}

function date(value: string): string | undefined {
  if (value === '') return copyNull;
  const parts = datePattern.exec(value);
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? value : undefined;
}

const instantPattern = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)$/;

/** PostgreSQL reads `Z` and `+0000` alike. */
function instant(value: string): string | undefined {
  if (value === '') return copyNull;
  const parts = instantPattern.exec(value);
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? value : undefined;
}

const timePattern = /^((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?)Z?$/;

function time(value: string): string | undefined {
  return value === '' ? copyNull : timePattern.exec(value)?.[1];
}

const encoders: Readonly<Record<ColumnType, ValueEncoder>> = { text, boolean, bigint: integer, numeric, date, timestamptz: instant, time };
