/**
 * Statements that close a table to everything but the workspace of the running transaction; `installation` scope is for work that belongs to
 * no person (upkeep, leases, consumers). Without either setting there are no rows.
 * @param table  table of the service's own schema, as it is written in SQL
 * @param column column with the workspace's id
 */
export function workspaceRowSecurity(table: string, column = 'workspace_id'): readonly string[] {
  return closed(table, `${installation} or ${column} = nullif(current_setting('tributary.workspace_id', true), '')::uuid`);
}

/** Statements that close a table to everything a person asks for: no request shows its rows, whichever workspace they belong to. */
export function installationRowSecurity(table: string): readonly string[] {
  return closed(table, installation);
}

const installation = "current_setting('tributary.scope', true) = 'installation'";

function closed(table: string, own: string): readonly string[] {
  return [
    `alter table ${table} enable row level security`,
    // The service's role owns its tables; an owner is held to the policy only when it is forced.
    `alter table ${table} force row level security`,
    `create policy workspace_scope on ${table} using (${own}) with check (${own})`,
  ];
}
