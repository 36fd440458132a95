import type { FieldValue, Row } from '../org/value.ts';
import type { ResolvedField } from './resolve.ts';

export type RowOrder = (left: Row, right: Row) => number;

interface OrderKey {
  readonly field: ResolvedField;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export function compareRows(left: Row, right: Row, keys: readonly OrderKey[]): number {
  for (const { field, descending, nullsLast } of keys) {
    const a = field.get(left);
    const b = field.get(right);
    if (a === b) continue;
    if (a === null || b === null) return (a === null) === nullsLast ? 1 : -1;
    const order = compareValues(a, b, field.field.type);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** Ids, dates and instants by their characters; other text without regard to case. */
function compareValues(a: Exclude<FieldValue, null>, b: Exclude<FieldValue, null>, type: string): number {
  const plain = typeof a !== 'string' || typeof b !== 'string' || type === 'id' || type === 'reference' || type === 'date' || type === 'datetime';
  const left = plain ? a : a.toLowerCase();
  const right = plain ? b : b.toLowerCase();
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
