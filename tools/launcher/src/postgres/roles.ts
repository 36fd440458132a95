import type { Client } from 'pg';

/** Login roles, one per service; each owns the schema of the same name without the prefix. */
export const roleNames = ['tributary_auth', 'tributary_ingest', 'tributary_analytics', 'tributary_gateway'] as const;
export type RoleName = (typeof roleNames)[number];

/** Group that may read every schema of copied data. */
export const readerRole = 'tributary_warehouse_reader';

/** A database the product's parts live in. */
export interface Residents {
  /** Roles that own a schema here. */
  readonly owners: readonly RoleName[];
  /** Whether copied data lives here: ingest then makes schemas, and analytics reads them. */
  readonly warehouse: boolean;
}

/** Schema a role owns. */
export function schemaOf(role: RoleName): string {
  return role.replace('tributary_', '');
}

/**
 * Makes or repairs roles, schemas and grants in the database of `client`; safe to repeat.
 * Each service owns its schema and can read no other; copied data is read through the reader role.
 * @throws the database's error (`42501` when the account lacks the right); the caller's transaction decides what stays
 */
export async function prepareRoles(client: Client, passwords: Readonly<Record<RoleName, string>>, { owners, warehouse }: Residents): Promise<void> {
  // Two installations that start together on one server would both find a role missing.
  await client.query("select pg_advisory_xact_lock(hashtextextended('tributary:roles', 0))");
  const database = await currentDatabase(client);
  const used = new Set<RoleName>([...owners, ...(warehouse ? (['tributary_ingest', 'tributary_analytics'] as const) : [])]);
  for (const role of used) await ensureRole(client, role, passwords[role]);
  await client.query(`revoke connect, temporary on database ${database} from public`);
  for (const role of used) await client.query(`grant connect, temporary on database ${database} to ${role}`);
  await client.query('revoke create on schema public from public');
  for (const role of owners) await ensureSchema(client, role);
  if (warehouse) await prepareWarehouse(client, database);
}

async function currentDatabase(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  return rows[0]?.name ?? 'postgres';
}

async function ensureRole(client: Client, role: RoleName, password: string): Promise<void> {
  const verb = (await exists(client, 'select 1 from pg_roles where rolname = $1', role)) ? 'alter' : 'create';
  await client.query(`${verb} role ${role} login password ${client.escapeLiteral(password)}`);
  await mayActAs(client, role);
}

/** An account without full power may only give a schema to a role it belongs to. */
async function mayActAs(client: Client, role: RoleName): Promise<void> {
  const { rows } = await client.query<{ all: boolean }>('select rolsuper as all from pg_roles where rolname = current_user');
  if (rows[0]?.all !== true) await client.query(`grant ${role} to current_user`);
}

async function ensureSchema(client: Client, role: RoleName): Promise<void> {
  const schema = schemaOf(role);
  if (!(await exists(client, 'select 1 from pg_namespace where nspname = $1', schema))) await client.query(`create schema ${schema} authorization ${role}`);
  await client.query(`revoke all on schema ${schema} from public`);
}

async function prepareWarehouse(client: Client, database: string): Promise<void> {
  if (!(await exists(client, 'select 1 from pg_roles where rolname = $1', readerRole))) await client.query(`create role ${readerRole} nologin`);
  await client.query(`grant create on database ${database} to tributary_ingest`);
  await client.query(`grant ${readerRole} to tributary_analytics`);
}

async function exists(client: Client, query: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(query, [name]);
  return (rowCount ?? 0) > 0;
}
