import { Selection } from '@tributary/api-contracts';
import type { Sql } from '../sql.ts';

type Rename = { readonly from: string; readonly to: string };

/** Chosen fields by the names they have now; null, for all, stays. */
export function renamedFields(chosen: readonly string[] | null, renamed: readonly Rename[]): readonly string[] | null {
  const names = new Map(renamed.map(({ from, to }) => [from.toLowerCase(), to]));
  return chosen?.map((field) => names.get(field.toLowerCase()) ?? field) ?? null;
}

/** A field that was chosen stays chosen under its new name. */
export async function followRenames(sql: Sql, connectionId: string, object: string, renamed: readonly Rename[]): Promise<void> {
  if (renamed.length === 0) return;
  const { rows: [row] } = await sql.query<{ selection: unknown }>('select selection from connection where id = $1 and selection is not null for no key update', [connectionId]);
  if (row === undefined) return;
  const { objects } = Selection.parse(row.selection);
  const followed = objects.map((chosen) => (chosen.name === object && chosen.fields !== null ? { ...chosen, fields: [...(renamedFields(chosen.fields, renamed) ?? [])] } : chosen));
  await sql.query('update connection set selection = $2::jsonb where id = $1', [connectionId, JSON.stringify({ objects: followed })]);
}
