import { maxRowBytes } from '@tributary/salesforce-client';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ColumnType } from '../describe/column-type.ts';
import { binaryHeader, binaryTrailer } from './copy-buffer.ts';
import { encoderOf } from './copy-value.ts';
import { CsvCopy } from './csv-copy.ts';
import { Substitutions } from './substitutions.ts';

let environment: ServiceEnvironment;
let database: Client;

const types: readonly ColumnType[] = ['text', 'boolean', 'bigint', 'numeric', 'date', 'timestamptz', 'time'];
const columns = types.map((type) => ({ field: `${type}Field`, column: `${type}_field`, type }));
const header = columns.map(({ field }) => `"${field}"`).join(',');

function csv(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from([header, ...rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))].map((line) => `${line}\n`).join(''));
}

/** Sends a page through a binary COPY. @returns what the database then holds, as texts */
async function copied(pieces: readonly Buffer[], substitutions = new Substitutions()): Promise<(string | null)[][]> {
  const page = new CsvCopy(columns, {}, substitutions);
  const blocks = pieces.flatMap((piece) => Buffer.from(page.push(piece) ?? []));
  await database.query('truncate copied');
  await pipeline(Readable.from([binaryHeader, ...blocks, page.end(), binaryTrailer]), database.query(copyFrom('copy copied from stdin (format binary)')));
  return (await database.query<{ row: (string | null)[] }>(`select array[${columns.map(({ column }) => `${column}::text`).join(', ')}] as row from copied order by ctid`)).rows.map(({ row }) => row);
}

/** What the text encoders and PostgreSQL's own reading make of the same values. */
async function expected(rows: readonly (readonly string[])[]): Promise<(string | null)[][]> {
  const accepted = rows.map((row) => types.map((type, index) => {
    const encoded = encoderOf(type)(row[index] ?? '');
    if (type === 'text') return row[index] === '' ? null : (row[index] ?? null);
    return encoded === undefined || encoded === '\\N' ? null : encoded;
  }));
  const read = `select array[${types.map((type, index) => `(r->>${index})::${type}::text`).join(', ')}] as row from jsonb_array_elements($1::jsonb) with ordinality as e(r, n) order by n`;
  return (await database.query<{ row: (string | null)[] }>(read, [JSON.stringify(accepted)])).rows.map(({ row }) => row);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  database = new Client({ connectionString: environment.adminUrl, options: '-c timezone=UTC' });
  await database.connect();
  await database.query(`create temporary table copied (${columns.map(({ column, type }) => `${column} ${type}`).join(', ')}, deleted boolean)`);
});

afterAll(async () => {
  await database?.end();
  await environment?.stop();
});

it('stores what PostgreSQL would have read from the text, for values of all kinds', async () => {
  const digits = fc.stringMatching(/^[+-]?\d{0,19}$/);
  const number = fc.oneof(digits, fc.stringMatching(/^-?\d{1,12}\.\d{0,9}$/), fc.stringMatching(/^-?\d{0,3}\.?\d{1,5}[eE][+-]?\d{1,3}$/), fc.constantFrom('5.0', '-0', '.5', '5.', '0.00010', '1e308', 'NaN', '1,5', '100000000', '-9223372036854775808', '9223372036854775808'));
  const day = fc.date({ min: new Date('0001-01-01'), max: new Date('4000-12-31'), noInvalidDate: true });
  const instant = fc.tuple(day, fc.constantFrom('Z', '+0000', '+05:30', '-1130'), fc.constantFrom('', '.5', '.123456')).map(([at, offset, fraction]) => at.toISOString().replace(/\.\d+Z$/, fraction + offset));
  const row = fc.tuple(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'NA', '\\N', 'a\tb\r\nc', '"', 'ä😀')).map((text) => text.replaceAll('\0', '').toWellFormed()),
    fc.constantFrom('true', 'false', '', 'yes', 'TRUE'), number, number,
    fc.oneof(day.map((at) => at.toISOString().slice(0, 10)), fc.constantFrom('2027-02-29', '2028-02-29', '0000-01-01', '2026-1-1', '')),
    fc.oneof(instant, fc.constantFrom('2026-11-31T00:00:00.000Z', '2026-11-20 08:15:37', '2026-11-20T08:15:37', '')),
    fc.constantFrom('10:30:00.000Z', '23:59:59.999999', '25:00:00', '10:30:00', ''));
  const rows = fc.sample(row, { numRuns: 500, seed: 7 });
  rows.push(['x'.repeat(131_072), '', '', '', '', '', '']);
  const found = await copied([csv(rows)]);
  const wanted = await expected(rows);
  expect(found).toHaveLength(rows.length);
  for (const [index, values] of found.entries()) expect(values, JSON.stringify(rows[index]).slice(0, 300)).toEqual(wanted[index]);
}, 30_000);

it('gives the same rows however the page is cut', async () => {
  const rows = [['a "b", c\r\nd', 'true', '1', '2.50', '2026-01-01', '2026-01-01T00:00:00.000Z', '10:00:00'], ['', '', '', '', '', '', ''], ['ä', 'false', '-7', '-0.001', '1700-12-31', '4000-01-01T00:00:00Z', '']];
  const bytes = Buffer.concat([Buffer.from('\uFEFF'), csv(rows)]);
  const whole = await copied([bytes]);
  expect(whole).toEqual(await expected(rows));
  expect(await copied([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
  expect(await copied([bytes.subarray(0, -1)])).toEqual(whole);
  expect(await copied([Buffer.from(bytes.toString().replaceAll(/"\n/g, '"\r\n'))])).toEqual(whole);
});

it('costs a row that never ends about as much in pieces as at once, and gives it up at its limit', () => {
  const collect = (bytes: number, pieceBytes: number): number => {
    const page = new CsvCopy(columns, {}, new Substitutions());
    const piece = Buffer.alloc(pieceBytes, '"",\n');
    const before = process.cpuUsage();
    page.push(Buffer.from(`${header}\n"`));
    for (let pushed = 1; pushed < bytes; pushed += pieceBytes) page.push(piece);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const bytes = 5 * 1024 ** 2;
  const atOnce = Math.min(...[1, 2, 3].map(() => collect(bytes, bytes)));
  // Trying again with each piece would cost some eighty times as much.
  expect(collect(bytes, 4_096) / atOnce).toBeLessThan(20);
  expect(() => collect(maxRowBytes + 8_192, 4_096)).toThrow(expect.objectContaining({ code: 'CSV_BROKEN' }));
});

it('counts what it had to replace once, also when the row came in pieces', async () => {
  const substitutions = new Substitutions();
  const bytes = Buffer.concat([Buffer.from(`${header}\n"a`), Buffer.from([0, 0xff]), Buffer.from('b","maybe","5","a lot","","",""\n')]);
  expect(await copied([...bytes].map((byte) => Buffer.of(byte)), substitutions)).toEqual([['a\uFFFDb', null, '5', null, null, null, null]]);
  expect(substitutions.toJSON()).toEqual({ 'a value of booleanField is no boolean': 1, 'a value of numericField is no numeric': 1, 'a character that cannot be stored was replaced': 2 });
});

it.each([
  ['columns in another order', '"Name","Id"\n'], ['a page of HTML', '<html><body>We are down</body></html>'],
  ['a row with one value less', `${header}\n"1","","","","",""\n`], ['a row with one value more', `${header}\n"1","","","","","","",""\n`],
  ['an end inside quotes', `${header}\n"1","`], ['text after a closing quote', `${header}\n"a"b,"","","","","",""\n`], ['a quote inside a plain value', `${header}\na"b,"","","","","",""\n`],
])('refuses %s', async (_name, text) => {
  await expect(copied([Buffer.from(text)])).rejects.toMatchObject({ code: 'CSV_BROKEN' });
  // The failed COPY never began.
  expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
