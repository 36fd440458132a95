import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const services = ['auth', 'ingest', 'analytics', 'gateway'] as const;
export type TestedService = (typeof services)[number];

/** The role that owns the tables of auth-service. */
export const authOwner = 'tributary_auth_owner';
const readers = 'tributary_warehouse_reader';
const loginRoles = [...services.map((service) => `tributary_${service}`), authOwner];

/** Tables that the databases of a project's tests begin with. */
export interface PreparedTables {
  /** Another one when the tables are others; of letters, digits, `-` and `_`. */
  readonly name: string;
  /** Makes the tables. @param urlOf address of the database with a role */
  migrate(urlOf: (role: string) => string): Promise<void>;
}

let prepared: PreparedTables | undefined;

/** From here on databases are copies of one in which the tables were made, once for the server; a service that starts finds them there. */
export function prepareDatabases(tables: PreparedTables): void {
  prepared = tables;
}

/** Makes a database with roles and schemas, and with the prepared tables when wanted. @returns the superuser's address of it */
export async function aDatabase(postgresUrl: string, migrated: boolean): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(postgresUrl, async (client) => {
    await copyDatabase(client, name, await template(client, postgresUrl, migrated ? prepared : undefined));
    await client.query(`grant create on database ${name} to tributary_ingest`);
  });
  return withDatabase(postgresUrl, name);
}

/** The same database with another role. */
export function withUser(url: string, user: string): string {
  const address = new URL(url);
  address.username = user;
  address.password = user;
  return address.href;
}

/** @returns name of the database to copy */
async function template(client: Client, postgresUrl: string, tables: PreparedTables | undefined): Promise<string> {
  await client.query('select pg_advisory_lock(77)');
  try {
    await once(client, 'template_blank', 'template1', async (name) => {
      for (const role of loginRoles) await createRole(client, role, `login password '${role}'`);
      await createRole(client, readers, 'nologin');
      await client.query(`grant ${readers} to tributary_analytics`);
      await withClient(withDatabase(postgresUrl, name), makeSchemas);
    });
    if (tables === undefined) return 'template_blank';
    const name = `template_${tables.name}`;
    await once(client, name, 'template_blank', (unfinished) => tables.migrate((role) => withUser(withDatabase(postgresUrl, unfinished), role)));
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(77)');
  }
}

/** Makes a database unless it is there; it gets its name when it is finished. */
async function once(client: Client, name: string, from: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (found.rowCount !== 0) return;
  const unfinished = `${name}_unfinished`;
  await client.query(`drop database if exists "${unfinished}"`);
  await copyDatabase(client, unfinished, from);
  await fill(unfinished);
  await client.query(`alter database "${unfinished}" rename to "${name}"`);
}

async function copyDatabase(client: Client, name: string, from: string): Promise<void> {
  // Copying files takes a third of the processor time that writing every page to the log does.
  await client.query(`create database "${name}" template "${from}" strategy file_copy`);
}

async function makeSchemas(client: Client): Promise<void> {
  for (const service of services) await client.query(`create schema ${service} authorization ${service === 'auth' ? authOwner : `tributary_${service}`}`);
  await client.query(`grant usage on schema auth to tributary_auth`);
  await client.query(`alter default privileges for role ${authOwner} in schema auth grant select, insert, update, delete on tables to tributary_auth`);
  await client.query(`alter default privileges for role ${authOwner} in schema auth grant usage, select on sequences to tributary_auth`);
  await client.query('revoke create on schema public from public');
}

async function createRole(client: Client, name: string, options: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create role ${name} ${options}`);
}

function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
