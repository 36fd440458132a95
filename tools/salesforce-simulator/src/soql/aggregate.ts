import type { FieldValue, Row, RowSource } from '../org/value.ts';
import type { QueryPlan } from './plan.ts';

/** Grouped and aggregated values by the names they have in the answer. */
export function aggregateRows(plan: QueryPlan, rows: RowSource): Record<string, FieldValue>[] {
  const groups = new Map<string, Row[]>();
  if (plan.groupBy.length === 0) groups.set('', []);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows.at(index);
    const key = JSON.stringify(plan.groupBy.map((field) => field.get(row)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((members) => {
    const record: Record<string, FieldValue> = {};
    const first = members[0];
    for (const field of plan.fields) record[field.field.name] = first === undefined ? null : field.get(first);
    for (const { fn, field, alias } of plan.aggregates) record[alias] = aggregated(fn, members.map((row) => field.get(row)).filter((value) => value !== null));
    return record;
  });
}

function aggregated(fn: QueryPlan['aggregates'][number]['fn'], values: readonly FieldValue[]): FieldValue {
  switch (fn) {
    case 'COUNT': return values.length;
    case 'COUNT_DISTINCT': return new Set(values).size;
    case 'SUM': return values.length === 0 ? null : cents(values);
    case 'AVG': return values.length === 0 ? null : cents(values) / values.length;
    case 'MIN': return values.reduce<FieldValue>((least, value) => (least === null || (value !== null && value < least) ? value : least), null);
    case 'MAX': return values.reduce<FieldValue>((most, value) => (most === null || (value !== null && value > most) ? value : most), null);
  }
}

/** Sums without the drift of binary fractions. */
function cents(values: readonly FieldValue[]): number {
  return values.reduce<number>((sum, value) => sum + Math.round(Number(value) * 100), 0) / 100;
}
