import { setImmediate as breathe } from 'node:timers/promises';
import { arraySource } from '../org/table.ts';
import type { Row, RowSource } from '../org/value.ts';
import type { QueryPlan } from './plan.ts';

/** Whether rows of the recycle bin and archived activities belong to the answer. */
export type QueryScope = 'query' | 'queryAll';

const sliceRows = 20_000;

/**
 * The rows of a plan, as a snapshot. Goes through many rows in slices, so that others are served meanwhile; made rows are
 * kept as positions, not as rows.
 */
export async function runPlan(plan: QueryPlan, scope: QueryScope): Promise<RowSource> {
  const { query, table } = plan;
  const source = table.rows();
  const accept = acceptOf(plan, scope);
  if (accept === undefined && plan.order === undefined && query.limit === undefined && query.offset === undefined) return source;
  const positions = await matching(source, accept, table.isLarge, plan.order === undefined && query.limit !== undefined ? query.limit + (query.offset ?? 0) : Infinity);
  if (plan.order === undefined && table.isLarge) return windowed(source, positions, query.offset ?? 0, query.limit);
  const rows = Array.from(positions, (position) => source.at(position));
  if (plan.order !== undefined) rows.sort(plan.order);
  const from = query.offset ?? 0;
  return arraySource(query.limit === undefined ? rows.slice(from) : rows.slice(from, from + query.limit));
}

function acceptOf({ where, table, view }: QueryPlan, scope: QueryScope): ((row: Row) => boolean) | undefined {
  const hidesDeleted = scope === 'query' && table.field('IsDeleted') !== undefined;
  const hidesArchived = scope === 'query' && table.field('IsArchived') !== undefined;
  const { canSeeRecord } = view;
  if (where === undefined && !hidesDeleted && canSeeRecord === undefined) return undefined;
  return (row) =>
    !(hidesDeleted && row['IsDeleted'] === true) && !(hidesArchived && row['IsArchived'] === true) && (canSeeRecord === undefined || canSeeRecord(String(row['Id']))) && (where === undefined || where(row));
}

async function matching(source: RowSource, accept: ((row: Row) => boolean) | undefined, isLarge: boolean, enough: number): Promise<readonly number[] | Uint32Array> {
  const positions: number[] = [];
  for (let position = 0; position < source.length && positions.length < enough; position += 1) {
    if (isLarge && position % sliceRows === 0) await breathe();
    if (accept === undefined || accept(source.at(position))) positions.push(position);
  }
  return isLarge ? Uint32Array.from(positions) : positions;
}

function windowed(source: RowSource, positions: readonly number[] | Uint32Array, from: number, limit: number | undefined): RowSource {
  const length = Math.max(0, Math.min(positions.length - from, limit ?? Infinity));
  return { length, at: (index) => source.at(positions[from + index] ?? 0) };
}
