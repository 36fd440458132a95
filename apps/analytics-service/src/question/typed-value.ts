import { InvalidInput } from '@tributary/failures';
import { z } from 'zod';
import type { ColumnType, Field } from '../warehouse/catalogue.ts';

const isoDay = z.iso.date();
const isoInstant = z.iso.datetime({ offset: true });
const plainNumber = /^-?\d{1,20}(\.\d{1,10})?$/;

/**
 * A filter value as text of the column's type.
 * @throws InvalidInput `query.value_invalid` naming the field and what it takes
 */
export function typedValue(field: Field, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  if (text !== undefined && !text.includes('\0') && fits(field.columnType, text)) return text;
  throw new InvalidInput('query.value_invalid', `${field.object}.${field.name} takes ${expectations[field.columnType]}.`, { details: { object: field.object, field: field.name } });
}

/** Whether a filter value of a datetime is a whole day. */
export function isDay(text: string): boolean {
  return isoDay.safeParse(text).success;
}

function fits(type: ColumnType, text: string): boolean {
  switch (type) {
    case 'text':
    case 'time':
      return true;
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'bigint':
    case 'numeric':
      return plainNumber.test(text);
    case 'date':
      return isDay(text);
    case 'timestamptz':
      return isDay(text) || isoInstant.safeParse(text).success;
    default:
      return type satisfies never;
  }
}

const expectations: Readonly<Record<ColumnType, string>> = {
  text: 'a text', time: 'a time of day', boolean: 'true or false', bigint: 'a whole number', numeric: 'a plain number',
  date: 'a date such as 2026-11-01', timestamptz: 'a date or an instant such as 2026-11-01T09:00:00Z',
};
