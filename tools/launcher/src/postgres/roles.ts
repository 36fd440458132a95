import type { Client } from 'pg';

/** Login roles, one per service; each works in the schema of the same name without the prefix. */
export const serviceRoles = ['tributary_auth', 'tributary_ingest', 'tributary_analytics', 'tributary_gateway'] as const;
export type ServiceRole = (typeof serviceRoles)[number];

/** Owns what is in the schema of auth-service and makes its tables: the role that works there cannot take away the row-level security it is bound by. */
export const authOwnerRole = 'tributary_auth_owner';

export const roleNames = [...serviceRoles, authOwnerRole] as const;
export type RoleName = (typeof roleNames)[number];

/** Group that may read every schema of copied data. */
export const readerRole = 'tributary_warehouse_reader';

/** A database the product's parts live in. */
export interface Residents {
  /** Roles that have their schema here. */
  readonly roles: readonly ServiceRole[];
  /** Whether copied data lives here: ingest then makes schemas, and analytics reads them. */
  readonly warehouse: boolean;
}

/** Schema a role works in. */
export function schemaOf(role: ServiceRole): string {
  return role.replace('tributary_', '');
}

function ownerOf(role: ServiceRole): RoleName {
  return role === 'tributary_auth' ? authOwnerRole : role;
}

/**
 * Makes or repairs roles, schemas and grants in the database of `client`; safe to repeat.
 * Each service works in its schema and can read no other; copied data is read through the reader role.
 * @throws the database's error (`42501` when the account lacks the right); the caller's transaction decides what stays
 */
export async function prepareRoles(client: Client, passwords: Readonly<Record<RoleName, string>>, { roles, warehouse }: Residents): Promise<void> {
  // Two installations that start together on one server would both find a role missing.
  await client.query("select pg_advisory_xact_lock(hashtextextended('tributary:roles', 0))");
  const database = await currentDatabase(client);
  const used = new Set<RoleName>([...roles, ...roles.map(ownerOf), ...(warehouse ? (['tributary_ingest', 'tributary_analytics'] as const) : [])]);
  for (const role of used) await ensureRole(client, role, passwords[role]);
  await client.query(`revoke connect, temporary on database ${database} from public`);
  for (const role of used) await client.query(`grant connect, temporary on database ${database} to ${role}`);
  await client.query('revoke create on schema public from public');
  for (const role of roles) await ensureSchema(client, role);
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

async function ensureSchema(client: Client, role: ServiceRole): Promise<void> {
  const [schema, owner] = [schemaOf(role), ownerOf(role)];
  if (!(await exists(client, 'select 1 from pg_namespace where nspname = $1', schema))) await client.query(`create schema ${schema} authorization ${owner}`);
  await client.query(`revoke all on schema ${schema} from public`);
  if (owner !== role) await shareSchema(client, schema, owner, role);
}

/** Lets a role work with the rows of a schema that another one owns; what the role itself made there in earlier versions goes to the owner. */
async function shareSchema(client: Client, schema: string, owner: RoleName, role: ServiceRole): Promise<void> {
  await client.query(`reassign owned by ${role} to ${owner}`);
  await client.query(`grant usage on schema ${schema} to ${role}`);
  for (const [rights, what] of [['select, insert, update, delete', 'tables'], ['usage, select', 'sequences']]) {
    await client.query(`grant ${rights} on all ${what} in schema ${schema} to ${role}`);
    await client.query(`alter default privileges for role ${owner} in schema ${schema} grant ${rights} on ${what} to ${role}`);
  }
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
