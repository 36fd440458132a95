import type { Sql } from '../sql.ts';

/** Rows of a first load that are still to be read after the newest ones. */
export interface Backfill {
  /** Those with an older stamp than this. */
  readonly before: Date;
  /** Rows of the whole object when the newest were planned. */
  readonly sourceRows: number;
  /** Salesforce's clock at that moment. */
  readonly asOf: Date;
}

/** What is left of an object's first load; undefined when nothing is. */
export async function findBackfill(sql: Sql, connectionId: string, object: string): Promise<Backfill | undefined> {
  const { rows: [row] } = await sql.query<{ before: Date; source_rows: string; as_of: Date }>('select before, source_rows, as_of from backfill where connection_id = $1 and object = $2', [connectionId, object]);
  return row && { before: row.before, sourceRows: Number(row.source_rows), asOf: row.as_of };
}

export async function saveBackfill(sql: Sql, connectionId: string, object: string, { before, sourceRows, asOf }: Backfill): Promise<void> {
  await sql.query(
    `insert into backfill (connection_id, object, before, source_rows, as_of) values ($1, $2, $3, $4, $5)
     on conflict (connection_id, object) do update set before = excluded.before, source_rows = excluded.source_rows, as_of = excluded.as_of`, [connectionId, object, before, sourceRows, asOf]);
}

export async function endBackfill(sql: Sql, connectionId: string, object: string): Promise<void> {
  await sql.query('delete from backfill where connection_id = $1 and object = $2', [connectionId, object]);
}
