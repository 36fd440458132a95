import { expect, it } from 'vitest';
import type { ColumnType } from '../describe/column-type.ts';
import { encoderOf } from './copy-value.ts';
import { recordText, rowEncoder } from './copy-row.ts';
import { Substitutions } from './substitutions.ts';

it.each<[ColumnType, string, string]>([
  ['text', '', '\\N'],
  ['text', 'NA', 'NA'],
  ['text', 'a\tb\\N\r\nc', 'a\\tb\\\\N\\r\\nc'],
  ['boolean', 'true', 'true'],
  ['bigint', '5.0', '5'],
  ['bigint', '-0', '-0'],
  ['bigint', '9223372036854775807', '9223372036854775807'],
  ['bigint', '5E3', '5000'],
  ['numeric', '123456789012345678.10', '123456789012345678.10'],
  ['numeric', '1.5E-7', '1.5E-7'],
  ['numeric', '1e308', '1e308'],
  ['date', '2028-02-29', '2028-02-29'],
  ['date', '1700-01-01', '1700-01-01'],
  ['timestamptz', '2026-11-20T08:15:37.000+0000', '2026-11-20T08:15:37.000+0000'],
  ['timestamptz', '2026-11-20T08:15:37.000Z', '2026-11-20T08:15:37.000Z'],
  ['time', '10:30:00.000Z', '10:30:00.000'],
])('keeps %s %j exactly', (type, value, encoded) => {
  expect(encoderOf(type)(value)).toBe(encoded);
});

it.each<[ColumnType, string]>([
  ['boolean', 'yes'], ['bigint', '5.5'], ['bigint', '9223372036854775808'], ['numeric', 'NaN'], ['numeric', '1,5'], ['numeric', '1e9999'],
  ['date', '2027-02-29'], ['date', '0000-01-01'], ['date', '2026-1-1'], ['timestamptz', '2026-11-31T00:00:00.000Z'], ['timestamptz', '2026-11-20 08:15:37'], ['time', '25:00:00'],
])('does not accept %s %j', (type, value) => {
  expect(encoderOf(type)(value)).toBeUndefined();
});

it('stores null for a value that does not fit and counts it with its reason', () => {
  const substitutions = new Substitutions();
  const encode = rowEncoder([{ field: 'Id', type: 'text' }, { field: 'Amount', type: 'numeric' }], [{ group: undefined }, { group: undefined }], '7\t', substitutions);
  expect(encode(['001', 'a lot'])).toBe('7\t001\t\\N');
  expect(substitutions.text()).toBe('1 × a value of Amount is no numeric');
});

it('replaces NUL and lone surrogates in REST values and counts them', () => {
  const substitutions = new Substitutions();
  expect(recordText('a\0b\ud800c\ufffd', substitutions)).toBe('ab\ufffdc\ufffd');
  expect(substitutions.total).toBe(2);
});
