import type { NewFieldPolicy } from '@tributary/api-contracts';
import type { Sql } from '../sql.ts';

/** Keeps what is decided about new fields by the connection's policy. @returns fields that are not copied for now, in lower case */
export async function holdNewFields(sql: Sql, connectionId: string, object: string, fields: readonly string[], policy: NewFieldPolicy): Promise<string[]> {
  if (fields.length === 0 || policy === 'copy') return [];
  await sql.query('insert into new_field (connection_id, workspace_id, object, field, decision) select $1, (select workspace_id from connection where id = $1 for key share), $2, f, $4 from unnest($3::text[]) as f on conflict do nothing',
    [connectionId, object, fields, policy === 'ask' ? 'waiting' : 'ignore']);
  return fields.map((field) => field.toLowerCase());
}

/** Fields of an object that are not copied because nobody has decided about them, or somebody did, in lower case. */
export async function heldFields(sql: Sql, connectionId: string, object: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ field: string }>(`select field from new_field where connection_id = $1 and object = $2 and decision <> 'copy'`, [connectionId, object]);
  return new Set(rows.map(({ field }) => field.toLowerCase()));
}
