import { quoted, type Sql } from '../sql.ts';
import type { Bookmark } from '../extract/window-plan.ts';
import type { ChosenObject } from '../selection/selection.ts';
import { tableName } from '../describe/column-plan.ts';

/** How far an object is copied. */
export interface SyncObject extends Bookmark {
  readonly object: string;
  readonly version: string;
  readonly loadedAt: Date | null;
  /** Whether rows that have not changed must be read again. */
  readonly reread: boolean;
}

interface SyncObjectRow {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly version: string;
  readonly cursor_field: string | null;
  readonly settled_until: Date | null;
  readonly loaded_at: Date | null;
  readonly reread: boolean;
}

/** Makes the rows of a run's objects, in their order of value; what is known of them stays. */
export async function addSyncObjects(sql: Sql, schema: string, objects: readonly ChosenObject[]): Promise<void> {
  await sql.query(
    `insert into ${quoted(schema)}.sync_object (object, table_name, label, position)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[])
     on conflict (object) do update set label = excluded.label, position = excluded.position`,
    [objects.map(({ name }) => name), objects.map(({ name }) => tableName(name)), objects.map(({ label, name }) => label || name), objects.map((_object, index) => index)]);
}

export async function readSyncObject(sql: Sql, schema: string, object: string): Promise<SyncObject> {
  const { rows: [row] } = await sql.query<SyncObjectRow>(`select object, version, cursor_field, settled_until, loaded_at, reread from ${quoted(schema)}.sync_object where object = $1`, [object]);
  if (row === undefined) throw new Error(`no bookkeeping row for ${object}`);
  return { object: row.object, version: row.version, cursorField: row.cursor_field, settledUntil: row.settled_until, loadedAt: row.loaded_at, reread: row.reread };
}

/** Says what happens to an object without moving its bookmark. */
export async function markSyncObject(sql: Sql, schema: string, object: string, status: 'loading' | 'partial' | 'failed', reason: string | null): Promise<void> {
  await sql.query(`update ${quoted(schema)}.sync_object set status = $2, reason = $3 where object = $1`, [object, status, reason]);
}
