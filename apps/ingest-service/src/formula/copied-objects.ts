import { quoted, type Sql } from '../sql.ts';
import type { CopiedObject } from './formula-plan.ts';
import { KnownColumns, type KnownColumn } from './parent-path.ts';

interface CopiedRow {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly table_name: string;
  readonly version: string;
  readonly cursor_field: string | null;
  readonly as_of: Date | null;
  readonly read_whole_at: Date | null;
  readonly loaded_at: Date | null;
  readonly stored_rows: string;
  readonly last_receipt: string | null;
}

/** Objects of a connection as they are copied now. */
export async function readCopiedObjects(sql: Sql, schema: string): Promise<Map<string, CopiedObject>> {
  const { rows } = await sql.query<CopiedRow>(`select object, table_name, version, cursor_field, as_of, read_whole_at, loaded_at, stored_rows, last_receipt from ${quoted(schema)}.sync_object`);
  return new Map(rows.map((row) => [row.object, {
    object: row.object, table: row.table_name, version: row.version, cursorField: row.cursor_field, asOf: row.as_of, readWholeAt: row.read_whole_at, loadedAt: row.loaded_at, storedRows: Number(row.stored_rows), lastReceipt: row.last_receipt,
  }]));
}

/** Columns that the paths of formulas may go through or end at. */
export async function readKnownColumns(sql: Sql, schema: string, paths: readonly string[]): Promise<KnownColumns> {
  const ends = paths.map((path) => (path.split('.').at(-1) ?? '').toLowerCase());
  const { rows } = await sql.query<KnownColumn & { readonly [column: string]: unknown }>(
    `select object, field, column_name as "column", reference_to as "referenceTo", relationship_name as "relationshipName" from ${quoted(schema)}.field_catalogue
      where seen_until is null and (relationship_name is not null or lower(field) = any($1))`, [ends]);
  return new KnownColumns(rows);
}
