import type { ObjectTable } from '../org/table.ts';
import type { Row } from '../org/value.ts';
import type { Query } from './ast.ts';
import { compareRows, type RowOrder } from './order.ts';
import { predicateOf, type Predicate } from './predicate.ts';
import { filterField, resolveField, type ResolvedField } from './resolve.ts';
import { requireReifiedFilter } from './setup-objects.ts';
import { atPlace, SoqlError } from './soql-error.ts';
import { visibleTable, type View } from './view.ts';

/** A query checked against what the user may see, ready to run. */
export interface QueryPlan {
  readonly query: Query;
  readonly view: View;
  readonly table: ObjectTable;
  readonly fields: readonly ResolvedField[];
  readonly groupBy: readonly ResolvedField[];
  readonly aggregates: readonly { readonly fn: Query['aggregates'][number]['fn']; readonly field: ResolvedField; readonly alias: string }[];
  readonly where: Predicate | undefined;
  readonly order: RowOrder | undefined;
}

/** @throws SoqlError */
export function planQuery(query: Query, view: View, today: string): QueryPlan {
  const { text: soql } = query;
  const table = visibleTable(view, query.object);
  if (table === undefined) {
    throw new SoqlError('INVALID_TYPE', atPlace(soql, query.objectOffset, `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`));
  }
  if ((query.offset ?? 0) > 2_000) throw new SoqlError('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  requireReifiedFilter(query);
  const resolve = (path: { path: string; offset: number }): ResolvedField => resolveField(view, table, path, soql);
  const duplicate = query.fields.find(({ path }, index) => query.fields.findIndex((other) => other.path.toLowerCase() === path.toLowerCase()) !== index);
  if (duplicate !== undefined) throw new SoqlError('INVALID_FIELD', `duplicate field selected: ${duplicate.path}`);
  const grouped = query.groupBy.length > 0 || query.aggregates.length > 0;
  const loose = grouped ? query.fields.find(({ path }) => !query.groupBy.some((group) => group.path.toLowerCase() === path.toLowerCase())) : undefined;
  if (loose !== undefined) throw new SoqlError('MALFORMED_QUERY', atPlace(soql, loose.offset, `Field must be grouped or aggregated: ${loose.path}`));
  return {
    query, view, table, fields: query.fields.map(resolve), groupBy: query.groupBy.map(resolve),
    aggregates: query.aggregates.map(({ fn, field, alias }, index) => ({ fn, field: resolve(field), alias: alias ?? `expr${index}` })),
    where: query.where === undefined ? undefined : predicateOf(query.where, { view, table, soql, today }),
    order: grouped || query.orderBy.length === 0 ? undefined : orderOf(query, (path) => filterField(view, table, path, soql)),
  };
}

function orderOf(query: Query, resolve: (path: { path: string; offset: number }) => ResolvedField): RowOrder {
  const keys = query.orderBy.map(({ field, descending, nullsLast }) => ({ field: resolve(field), descending, nullsLast }));
  return (left: Row, right: Row) => compareRows(left, right, keys);
}
