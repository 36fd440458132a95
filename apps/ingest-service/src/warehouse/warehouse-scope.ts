import { quoted, type Sql } from '../sql.ts';

/**
 * Statements that show the objects of a connection's schema to requests of its workspace alone; who names no workspace is no request of a person, and sees them:
 * runs, merges, BI tools. The workspace stands in the policy itself, so that it costs no look at another table.
 * @param workspaceId null while nobody has told it: then no request sees them
 */
export function warehouseScope(schema: string, workspaceId: string | null): readonly string[] {
  const table = `${quoted(schema)}.sync_object`;
  const asked = `coalesce(current_setting('tributary.workspace_id', true), '')`;
  const own = `${asked} in (''${workspaceId === null ? '' : `, '${workspaceId}'`})`;
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `drop policy if exists workspace_scope on ${table}`,
    `create policy workspace_scope on ${table} using (${own}) with check (${own})`,
  ];
}

/** Gives a connection's schema to a workspace, where there is one already. */
export async function adoptWarehouse(sql: Sql, schema: string, workspaceId: string): Promise<void> {
  const { rows } = await sql.query(
    `select 1 from pg_tables where schemaname = $1 and tablename = 'sync_object' and not exists (select from pg_policies where schemaname = $1 and tablename = 'sync_object' and strpos(qual, $2) > 0)`, [schema, workspaceId]);
  if (rows.length > 0) for (const statement of warehouseScope(schema, workspaceId)) await sql.query(statement);
}
