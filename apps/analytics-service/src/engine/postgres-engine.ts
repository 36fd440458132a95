import { z } from 'zod';
import type { EngineRow } from '../answer/finish-metric.ts';
import type { Statement } from '../compile/compile-query.ts';
import type { Warehouse } from '../warehouse/warehouse.client.ts';
import { isStatementTimeout, questionTimeoutMs, queryTimeout } from './query-timeout.ts';

const cells = z.array(z.array(z.string().nullable()));

/** Answers from the warehouse itself: always there, exact, slower on large orgs. @throws Unavailable `query.timeout` */
export async function askPostgres(warehouse: Warehouse, statements: readonly Statement[]): Promise<readonly (readonly EngineRow[])[]> {
  try {
    return await warehouse.snapshot(async (client) => {
      const results: (readonly EngineRow[])[] = [];
      for (const { sql, values, columns } of statements) {
        const { rows } = await client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' });
        results.push(namedRows(columns, cells.parse(rows)));
      }
      return results;
    }, { timeoutMs: questionTimeoutMs });
  } catch (error) {
    throw isStatementTimeout(error) ? queryTimeout(error) : error;
  }
}

/** Cells in the order of the select list, by name. */
export function namedRows(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): readonly EngineRow[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
}
