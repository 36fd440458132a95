import type { LocationQuery } from 'vue-router';

/** What the address of a record list says: the filter, the order, and the figure the reader came from. */
export interface RecordsState {
  readonly filter: string | undefined;
  /** `Field` or `-Field`. */
  readonly sort: string | undefined;
  readonly from: { readonly label: string; readonly value: string | undefined; readonly metric: string | undefined; readonly unit: 'money' | 'count' | 'ratio' | 'days' | undefined; readonly currency: string | undefined } | undefined;
}

export function recordsOfQuery(query: LocationQuery): RecordsState {
  const text = (name: string): string | undefined => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined);
  const label = text('of');
  const unit = (['money', 'count', 'ratio', 'days'] as const).find((known) => known === text('unit'));
  return { filter: text('filter'), sort: text('sort'), from: label === undefined ? undefined : { label, value: text('value'), metric: text('metric'), unit, currency: text('currency') } };
}

/** The order after a click on a column: down first for numbers and dates, then up, then none. */
export function nextSort(sort: string | undefined, column: string): string | undefined {
  if (sort === `-${column}`) return column;
  return sort === column ? undefined : `-${column}`;
}

/** Whether the records add up to the figure the reader came from; undefined when it cannot be told. */
export function agreement(state: RecordsState, sums: Readonly<Record<string, string>> | undefined, total: number): 'equal' | 'differs' | undefined {
  const { from } = state;
  if (from?.value === undefined) return undefined;
  if (from.unit === 'count') return String(total) === from.value ? 'equal' : 'differs';
  const sum = from.metric === undefined ? undefined : sums?.[from.metric];
  return sum === undefined ? undefined : plain(sum) === plain(from.value) ? 'equal' : 'differs';
}

/** A decimal without trailing zeros, so that 12.50 equals 12.5. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
