import { randomUUID } from 'node:crypto';
import { WorkspaceScope } from '@tributary/persistence';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let admin: Client;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator);
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

/** Tables of this service that have a column, and whether they are closed to everything but the scope of the transaction. */
async function tablesWith(column: string): Promise<readonly { readonly name: string; readonly closed: boolean }[]> {
  const { rows } = await admin.query<{ name: string; closed: boolean }>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (
      select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null and p.polcmd = '*') as closed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'auth' and c.relkind in ('r', 'p')
      and (c.relname || '_id' = $1 or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = $1 and not a.attisdropped))
    order by name`, [column]);
  return rows;
}

it('is forced on every table that holds a workspace', async () => {
  const tables = await tablesWith('workspace_id');
  expect(tables.length).toBeGreaterThanOrEqual(12);
  expect(tables.filter(({ closed }) => !closed)).toEqual([]);
});

it('is forced on every table that holds a connection or a person', async () => {
  const tables = [...(await tablesWith('connection_id')), ...(await tablesWith('person_id'))];
  expect(tables.length).toBeGreaterThanOrEqual(14);
  expect(tables.filter(({ closed }) => !closed)).toEqual([]);
});

it.each([
  ['lease', "insert into lease (jti, asker, connection_id, purpose) values (gen_random_uuid(), 'ingest-service', gen_random_uuid(), 'background')"],
  ['final_verdict', "insert into final_verdict (grant_id, connection_id, org_id) values (gen_random_uuid(), gen_random_uuid(), '00DXX0000001abcEAA')"],
])('shows no request of a person what the installation works with for itself: %s', async (table, insert) => {
  const scope = auth.app.get(WorkspaceScope);
  await auth.pool.query(insert);
  expect((await auth.pool.query(`select from ${table}`)).rowCount).toBe(1);
  expect(await scope.runSql(randomUUID(), async (client) => (await client.query(`select from ${table}`)).rowCount)).toBe(0);
  await expect(scope.runSql(randomUUID(), async (client) => client.query(insert))).rejects.toThrow(/row-level security/);
});

it('cannot be passed by the role of any service', async () => {
  const { rows } = await admin.query("select rolname from pg_roles where rolname like 'tributary%' and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)");
  expect(rows).toEqual([]);
});

it('guards tables that none of the roles owns which work with them', async () => {
  const { rows } = await admin.query<{ name: string; owner: string }>(`
    select c.relname as name, c.relowner::regrole::text as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'auth' and c.relkind in ('r', 'p', 'S', 'v', 'm')`);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ owner }) => owner !== 'tributary_auth_owner')).toEqual([]);
  const { rows: members } = await admin.query("select rolname from pg_roles where rolname like 'tributary%' and rolname <> 'tributary_auth_owner' and pg_has_role(rolname, 'tributary_auth_owner', 'member')");
  expect(members).toEqual([]);
  await expect(auth.pool.query('alter table connection disable row level security')).rejects.toThrow('must be owner of table connection');
  await expect(auth.pool.query('create table auth.mine (id int)')).rejects.toThrow('permission denied for schema auth');
  await expect(auth.pool.query('truncate audit_entry')).rejects.toThrow('permission denied');
});

it('has no way around it: no view with the rights of its owner, no function that lends its rights', async () => {
  const { rows } = await admin.query(`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('auth', 'gateway', 'ingest', 'analytics') and c.relkind in ('v', 'm') and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on)', false)
    union all select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('auth', 'gateway', 'ingest', 'analytics') and p.prosecdef`);
  expect(rows).toEqual([]);
});

it('guards tables of which none has a column for a password', async () => {
  const { rows } = await admin.query("select table_name, column_name from information_schema.columns where table_schema in ('auth', 'gateway', 'ingest', 'analytics') and column_name ~* 'passw|passphrase|pwd'");
  expect(rows).toEqual([]);
});
