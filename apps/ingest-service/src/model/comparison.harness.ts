import { createHash } from 'node:crypto';
import type { Row } from '@tributary/salesforce-simulator';

/** A column of the warehouse and the field it holds. */
export interface ComparedColumn {
  readonly field: string;
  readonly column: string;
  readonly type: string;
}

export type StoredRow = Readonly<Record<string, unknown>>;

/** What is compared, and what may differ for now. */
export interface Comparison {
  readonly source: readonly Row[];
  readonly stored: readonly StoredRow[];
  readonly columns: readonly ComparedColumn[];
  /** Rows that need not be equal yet. */
  readonly excused: (id: string, row: Row | undefined) => boolean;
}

/** The first differing row and field of an object at the source and in the warehouse, worded for a failing test; undefined when all are equal. */
export function firstDifference({ source, stored, columns, excused }: Comparison): string | undefined {
  const storedById = new Map(stored.map((row) => [String(row['id']), row]));
  const sourceById = new Map(source.map((row) => [String(row['Id']), row]));
  for (const [id, row] of sourceById) {
    const kept = storedById.get(id);
    if (excused(id, row)) continue;
    if (kept === undefined) return `${id} is missing`;
    const [there, here] = [sourceLine(row, columns), storedLine(kept, columns)];
    if (digest(there) === digest(here)) continue;
    const at = there.findIndex((text, index) => text !== here[index]);
    return `${id}: ${columns[at]?.field ?? '_deleted'} is ${JSON.stringify(there[at])} at the source and ${JSON.stringify(here[at])} in the warehouse`;
  }
  for (const [id, kept] of storedById) if (!sourceById.has(id) && kept['_deleted'] !== true && !excused(id, undefined)) return `${id} is purged at the source and not marked as deleted`;
  return undefined;
}

function sourceLine(row: Row, columns: readonly ComparedColumn[]): (string | null)[] {
  return [...columns.map(({ field, type }) => canonical(row[field] ?? null, type)), String(row['IsDeleted'] === true)];
}

function storedLine(row: StoredRow, columns: readonly ComparedColumn[]): (string | null)[] {
  return [...columns.map(({ column, type }) => canonical(row[column] ?? null, type)), String(row['_deleted'] === true)];
}

function digest(line: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(line)).digest('base64');
}

/** One spelling for equal values of a column type. */
function canonical(value: unknown, type: string): string | null {
  if (value === null || value === '') return null;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type === 'timestamptz') return new Date(text).toISOString();
  if (type === 'numeric' || type === 'bigint') return String(Number(text));
  return type === 'time' ? text.replace(/Z$/, '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : text;
}
