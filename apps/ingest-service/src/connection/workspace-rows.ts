import type { Sql } from '../sql.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { adoptWarehouse } from '../warehouse/warehouse-scope.ts';

/** Tables that people see rows of, each with the workspace of its connection. */
const tables = ['sync_run', 'object_turn', 'object_describe', 'new_field', 'delete_watch', 'held_deletion', 'cursor_choice', 'change_stream', 'changed_object', 'salesforce_call'] as const;

/**
 * Gives a workspace what was written before it was told of: a token may be heard of before its connection, by another process.
 * What a run writes meanwhile waits for the connection's row, by `for key share`, and reads the workspace then.
 */
export async function adoptRows(sql: Sql, connectionId: string, workspaceId: string): Promise<void> {
  for (const table of tables) await sql.query(`update ${table} set workspace_id = $2 where connection_id = $1 and workspace_id is null`, [connectionId, workspaceId]);
  await sql.query('update sync_run_object o set workspace_id = $2 from sync_run r where r.connection_id = $1 and o.run_id = r.id and o.workspace_id is null', [connectionId, workspaceId]);
  await adoptWarehouse(sql, warehouseSchemaOf(connectionId), workspaceId);
}
