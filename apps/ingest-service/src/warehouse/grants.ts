import type { Sql } from '../sql.ts';

/** Statements that give others than the owner what they may do with a table or view now; for one of the same name that takes its place. */
export async function grantsOn(sql: Sql, relation: string): Promise<string[]> {
  const { rows } = await sql.query<{ grant: string }>(
    `select format('grant %s on table %s to %s', a.privilege_type, $2::text, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as "grant"
       from pg_class c, aclexplode(c.relacl) a where c.oid = to_regclass($1) and a.grantee <> c.relowner`, [relation, relation]);
  return rows.map(({ grant }) => grant);
}
