import { quoted, type Sql } from '../sql.ts';

/** Name of the org as its copied `Organization` row tells it; null while there is none. */
export async function orgName(sql: Sql, schema: string | null): Promise<string | null> {
  if (schema === null) return null;
  const { rows: [column] } = await sql.query<{ name: string }>("select column_name as name from information_schema.columns where table_schema = $1 and table_name = 'organization' and column_name = 'name'", [schema]);
  if (column === undefined) return null;
  const { rows: [org] } = await sql.query<{ name: string | null }>(`select name from ${quoted(schema)}.organization where not _deleted limit 1`);
  return org?.name ?? null;
}
