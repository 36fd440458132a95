import type { Sql } from '../sql.ts';

/** Rows missing at Salesforce whose deletion is not believed until a person confirms it. */
export interface HeldDeletions {
  readonly ids: readonly string[];
  /** Rows the object had in the warehouse then, deleted ones not counted. */
  readonly storedRows: number;
  readonly isConfirmed: boolean;
}

export async function findHeldDeletions(sql: Sql, connectionId: string, object: string): Promise<HeldDeletions | undefined> {
  const { rows: [row] } = await sql.query<{ ids: string[]; stored_rows: string; confirmed: boolean }>(
    'select ids, stored_rows, confirmed_at is not null as confirmed from held_deletion where connection_id = $1 and object = $2', [connectionId, object]);
  return row && { ids: row.ids, storedRows: Number(row.stored_rows), isConfirmed: row.confirmed };
}

/** Holds these rows and no others; none ends the hold. A confirmation holds for the rows it was given for. */
export async function keepHeldDeletions(sql: Sql, connectionId: string, object: string, ids: readonly string[], storedRows: number): Promise<void> {
  if (ids.length === 0) {
    await sql.query('delete from held_deletion where connection_id = $1 and object = $2', [connectionId, object]);
    return;
  }
  await sql.query(
    `insert into held_deletion as h (connection_id, workspace_id, object, ids, stored_rows) values ($1, (select workspace_id from connection where id = $1 for key share), $2, $3, $4)
     on conflict (connection_id, object) do update set ids = excluded.ids, stored_rows = excluded.stored_rows, confirmed_at = null, confirmed_by = null,
       found_at = case when h.ids = excluded.ids then h.found_at else now() end`, [connectionId, object, ids.toSorted(), storedRows]);
}
