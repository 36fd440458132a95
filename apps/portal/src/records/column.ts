import type { RecordsAnswer } from '@tributary/api-contracts';
import type { Format } from '../shared/format.ts';

export type RecordColumn = RecordsAnswer['columns'][number];

const numeric = new Set(['currency', 'double', 'percent', 'int', 'long']);

/** Whether a column's values are compared by size, and so stand at the right. */
export function isNumeric({ type }: RecordColumn): boolean {
  return numeric.has(type);
}

/** Width in pixels that fits what a type usually holds. */
export function widthOf({ name, type }: RecordColumn): number {
  if (name === 'Name') return 240;
  if (name === 'Id' || type === 'id' || type === 'reference') return 190;
  if (isNumeric({ name, type, label: '' }) || type === 'boolean' || type === 'date') return 140;
  return type === 'datetime' ? 170 : 180;
}

/** A value as people read it; empty is a dash. */
export function valueText(value: string | null | undefined, column: RecordColumn, format: Format, words: { yes: string; no: string }, currency: string | undefined): string {
  if (value === null || value === undefined || value === '') return '—';
  switch (column.type) {
    case 'currency':
      return currency === undefined ? format.decimal(value) : format.money(value, currency, { whole: true });
    case 'double':
    case 'percent':
      return format.decimal(value);
    case 'int':
    case 'long':
      return format.count(value);
    case 'boolean':
      return value === 'true' ? words.yes : words.no;
    case 'date':
      return format.date(value);
    case 'datetime':
      return format.dateTime(value);
    default:
      return value;
  }
}

/** Name first, the id last: it is for machines. */
export function inReadingOrder(columns: readonly RecordColumn[]): readonly RecordColumn[] {
  const rank = ({ name }: RecordColumn): number => (name === 'Name' ? -1 : name === 'Id' ? 1 : 0);
  return columns.toSorted((a, b) => rank(a) - rank(b));
}
