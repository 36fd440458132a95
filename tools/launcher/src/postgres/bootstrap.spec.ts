import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAccount } from './addresses.ts';
import { bootstrapDatabases, ensureDatabase } from './bootstrap.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { roleNames, type RoleName } from './roles.ts';

const passwords = Object.fromEntries(roleNames.map((role) => [role, `secret-of-${role}`])) as Record<RoleName, string>;
let folder: string;
let server: EmbeddedPostgres;
let warnings: string[] = [];
const onWarning = (line: string): void => void warnings.push(line);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-bootstrap-'));
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'root', durable: false });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

describe('roles and schemas', () => {
  it('give each service its own schema and nothing of the others, however often they are prepared', async () => {
    const databaseUrl = await ensureDatabase(server.url, 'product');
    await bootstrapDatabases({ databaseUrl: await ensureDatabase(server.url, 'product'), warehouseUrl: undefined, passwords, onWarning });
    const { database, warehouse } = await bootstrapDatabases({ databaseUrl, warehouseUrl: undefined, passwords, onWarning });
    expect(warehouse).toBeUndefined();
    expect(warnings).toEqual([]);
    await run(database.tributary_ingest, 'create table ingest.private (id int)');
    for (const role of ['tributary_auth', 'tributary_analytics', 'tributary_gateway'] as const) {
      await expect(run(database[role], 'select * from ingest.private')).rejects.toThrow('permission denied for schema ingest');
    }
    await expect(run(database.tributary_auth, 'create schema mine')).rejects.toThrow('permission denied for database');
    await expect(run(database.tributary_auth, 'create table public.mine (id int)')).rejects.toThrow('permission denied for schema public');
    await expect(run(database.tributary_auth, 'set role tributary_ingest')).rejects.toThrow('permission denied');
  });

  it('have these rights on the schemas and on the database, and no others', async () => {
    const databaseUrl = await ensureDatabase(server.url, 'rights');
    await bootstrapDatabases({ databaseUrl, warehouseUrl: undefined, passwords, onWarning });
    const rights = await run(databaseUrl, `
      select r.rolname as role, coalesce(string_agg(n.nspname || ': ' || concat_ws(' ', case when has_schema_privilege(r.oid, n.oid, 'usage') then 'usage' end, case when has_schema_privilege(r.oid, n.oid, 'create') then 'create' end), ', ' order by n.nspname)
          filter (where has_schema_privilege(r.oid, n.oid, 'usage')), '') as schemas,
        has_database_privilege(r.oid, current_database(), 'create') as "makesSchemas",
        (select coalesce(string_agg(g.rolname, ' ' order by g.rolname), '') from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as groups
      from pg_roles r cross join pg_namespace n where r.rolname like 'tributary%' and n.nspname in ('auth', 'ingest', 'analytics', 'gateway') group by r.rolname, r.oid order by r.rolname`);
    expect(rights).toEqual([
      { role: 'tributary_analytics', schemas: 'analytics: usage create', makesSchemas: false, groups: 'tributary_warehouse_reader' },
      { role: 'tributary_auth', schemas: 'auth: usage', makesSchemas: false, groups: '' },
      { role: 'tributary_auth_owner', schemas: 'auth: usage create', makesSchemas: false, groups: '' },
      { role: 'tributary_gateway', schemas: 'gateway: usage create', makesSchemas: false, groups: '' },
      { role: 'tributary_ingest', schemas: 'ingest: usage create', makesSchemas: true, groups: '' },
      { role: 'tributary_warehouse_reader', schemas: '', makesSchemas: false, groups: '' },
    ]);
  });

  it('let ingest make a warehouse schema that analytics may read and not write', async () => {
    const { database } = await bootstrapDatabases({ databaseUrl: await ensureDatabase(server.url, 'product'), warehouseUrl: undefined, passwords, onWarning });
    await run(database.tributary_ingest, 'create schema c_1', 'create table c_1.account (id text)', "insert into c_1.account values ('001')", 'grant usage on schema c_1 to tributary_warehouse_reader', 'grant select on all tables in schema c_1 to tributary_warehouse_reader');
    expect(await run(database.tributary_analytics, 'select id from c_1.account')).toEqual([{ id: '001' }]);
    await expect(run(database.tributary_analytics, 'delete from c_1.account')).rejects.toThrow('permission denied for table account');
    await expect(run(database.tributary_gateway, 'select id from c_1.account')).rejects.toThrow('permission denied for schema c_1');
  });

  it('keep the tables of auth-service from the role that works with their rows, also those that role made in an earlier version', async () => {
    const databaseUrl = await ensureDatabase(server.url, 'earlier');
    await run(databaseUrl, 'create schema auth authorization tributary_auth');
    await run(withAccount(databaseUrl, 'tributary_auth', passwords.tributary_auth), 'create table auth.old (id int generated always as identity, text text)', "insert into auth.old (text) values ('kept')");
    const { database } = await bootstrapDatabases({ databaseUrl, warehouseUrl: undefined, passwords, onWarning });
    await run(database.tributary_auth_owner, 'create table auth.new (id bigserial, text text)');
    for (const name of ['old', 'new']) {
      await run(database.tributary_auth, `insert into auth.${name} (text) values ('one')`, `update auth.${name} set text = 'two' where text = 'one'`, `delete from auth.${name} where text = 'two'`);
      await expect(run(database.tributary_auth, `alter table auth.${name} add mine text`)).rejects.toThrow(`must be owner of table ${name}`);
    }
    expect(await run(database.tributary_auth, 'select text from auth.old')).toEqual([{ text: 'kept' }]);
    await expect(run(database.tributary_auth, 'set role tributary_auth_owner')).rejects.toThrow('permission denied');
  });

  it('keep the warehouse apart when it has an address of its own', async () => {
    const [databaseUrl, warehouseUrl] = [await ensureDatabase(server.url, 'apart'), await ensureDatabase(server.url, 'warehouse')];
    const { warehouse } = await bootstrapDatabases({ databaseUrl, warehouseUrl, passwords, onWarning });
    await run(warehouse?.tributary_ingest ?? '', 'create table ingest.run (id int)', 'create schema c_2');
    await expect(run(warehouse?.tributary_auth ?? '', 'select 1')).rejects.toThrow('permission denied for database "warehouse"');
  });

  it('work with an account that may make roles but is no superuser', async () => {
    const databaseUrl = await ensureDatabase(server.url, 'managed');
    await run(databaseUrl, "create role manager login createrole password 'm'", 'alter database managed owner to manager', ...roleNames.map((role) => `grant ${role} to manager with admin option`), 'grant tributary_warehouse_reader to manager with admin option');
    const { database } = await bootstrapDatabases({ databaseUrl: withAccount(databaseUrl, 'manager', 'm'), warehouseUrl: undefined, passwords, onWarning });
    await run(database.tributary_gateway, 'create table gateway.session (id int)');
    expect(warnings).toEqual([]);
  });

  it('are left out, with a warning, when the account may not make roles', async () => {
    const databaseUrl = await ensureDatabase(server.url, 'shared');
    await run(databaseUrl, "create role plain login password 'p'", 'grant connect, create on database shared to plain');
    const plainUrl = withAccount(databaseUrl, 'plain', 'p');
    const { database } = await bootstrapDatabases({ databaseUrl: plainUrl, warehouseUrl: undefined, passwords, onWarning });
    expect(new Set(Object.values(database))).toEqual(new Set([plainUrl]));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('all services share it');
    warnings = [];
  });

  it('name the variable whose server does not answer, never its password', async () => {
    const failing = bootstrapDatabases({ databaseUrl: 'postgresql://me:hidden@127.0.0.1:1/x', warehouseUrl: undefined, passwords, onWarning });
    await expect(failing).rejects.toThrow(/^The database of DATABASE_URL does not answer: .*ECONNREFUSED/);
    await expect(failing).rejects.not.toThrow(/hidden/);
  });
});
