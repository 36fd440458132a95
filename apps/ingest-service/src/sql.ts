import type { QueryResultRow } from 'pg';

/** Runs SQL with `$1` parameters: the plain pool, one of its clients, or a transaction of the entity manager. */
export interface Sql {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** A name as SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The only row of an answer. */
export function one<Row>({ rows }: { rows: Row[] }): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a row was expected');
  return row;
}
