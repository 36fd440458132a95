import type { SqlPool } from '@tributary/persistence';
import { quoted } from '../sql.ts';

/** What the database's clock told, of which the age matters to decisions. Runs come first, as with a worker that keeps its run: each waits for the other. */
const stamps: Readonly<Record<string, readonly string[]>> = {
  sync_run: ['started_at', 'finished_at'], connection: ['next_sync_at', 'last_sync_at', 'schema_read_at', 'limits_read_at', 'api_as_of', 'catalogue_at'], object_turn: ['read_at'], object_describe: ['explained_at'],
};
const warehouseStamps: Readonly<Record<string, readonly string[]>> = { receipt: ['committed_at'], tombstone: ['found_at'], sync_object: ['loaded_at'] };

/** Time passes by the database's clock, for one connection alone: whatever happened is so much longer ago. */
export async function letTimePass(pool: SqlPool, { connectionId, schema }: { readonly connectionId: string; readonly schema: string }, ms: number): Promise<void> {
  const past = (columns: readonly string[]): string => columns.map((column) => `${column} = ${column} - $1 * interval '1 ms'`).join(', ');
  await pool.transaction(async (client) => {
    for (const [table, columns] of Object.entries(stamps)) await client.query(`update ${table} set ${past(columns)} where ${table === 'connection' ? 'id' : 'connection_id'} = $2`, [ms, connectionId]);
    const { rows } = await client.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1 and tablename = any($2)', [schema, Object.keys(warehouseStamps)]);
    for (const { name } of rows) await client.query(`update ${quoted(schema)}.${name} set ${past(warehouseStamps[name] ?? [])}`, [ms]);
  });
}
