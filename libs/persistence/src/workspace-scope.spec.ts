import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ServiceKitModule } from '@tributary/service-kit';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineMigration, PersistenceModule, SqlPool, WorkspaceScope, workspaceRowSecurity } from './index.ts';

/** Requests of the interleaving test; the requirement's own 10^5 by `TRIBUTARY_TEST_SCOPED_REQUESTS=100000`. */
const requests = Number(process.env['TRIBUTARY_TEST_SCOPED_REQUESTS'] ?? 2_500);
const workspaces = Array.from({ length: 16 }, () => randomUUID());
const secrets = defineMigration('0001-secrets', [
  'create table secret (id bigint generated always as identity primary key, workspace_id uuid not null, text text not null unique)',
  'create index secret_workspace on secret (workspace_id)',
  ...workspaceRowSecurity('secret'),
]);

let environment: ServiceEnvironment;
let app: INestApplicationContext;
let pool: SqlPool;
let scope: WorkspaceScope;

beforeAll(async () => {
  environment = await aServiceEnvironment();
  @Module({ imports: [ServiceKitModule.forService(), await PersistenceModule.forService({ schema: 'gateway', url: environment.databaseUrl('gateway'), entities: [], migrations: [secrets], poolMax: 6 })] })
  class ServiceModule {}
  app = await NestFactory.createApplicationContext(ServiceModule, { logger: false, abortOnError: false });
  pool = app.get(SqlPool);
  scope = app.get(WorkspaceScope);
  for (const id of workspaces) await pool.query('insert into secret (workspace_id, text) select $1::uuid, $1::text || n from generate_series(1, 5) n', [id]);
});

afterAll(async () => {
  await app?.close();
  await environment?.stop();
});

const [mine = '', other = ''] = workspaces;
const everything = 'select workspace_id from secret';

it('shows a workspace its own rows, however the question is put', async () => {
  expect(await scope.runSql(mine, async (client) => (await client.query('select from secret')).rowCount)).toBe(5);
  expect(await scope.runSql(mine, async (client) => (await client.query('select from secret where workspace_id = $1', [other])).rowCount)).toBe(0);
  expect(await scope.run(mine, async (em) => (await em.execute<unknown[]>('select id from secret', [], 'all')).length)).toBe(5);
});

it('neither takes nor changes a row for another workspace', async () => {
  await expect(scope.runSql(mine, (client) => client.query("insert into secret (workspace_id, text) values ($1, 'planted')", [other]))).rejects.toThrow(/row-level security/);
  await expect(scope.runSql(mine, (client) => client.query('update secret set workspace_id = $1', [other]))).rejects.toThrow(/row-level security/);
  expect(await scope.runSql(mine, async (client) => (await client.query('delete from secret where workspace_id = $1', [other])).rowCount)).toBe(0);
});

it('is left with the transaction, also when that fails', async () => {
  await expect(scope.runSql(mine, async () => Promise.reject(new Error('changed my mind')))).rejects.toThrow('changed my mind');
  expect((await pool.query(everything)).rowCount).toBe(workspaces.length * 5);
});

it('shows nothing at all to a connection without a scope, although it owns the table', async () => {
  const stranger = new Client({ connectionString: environment.databaseUrl('gateway'), options: '-c search_path=gateway' });
  await stranger.connect();
  expect((await stranger.query(everything)).rowCount).toBe(0);
  await expect(stranger.query("insert into secret (workspace_id, text) values ($1, 'planted')", [mine])).rejects.toThrow(/row-level security/);
  await stranger.end();
});

it(`shows no foreign row in ${requests} interleaved requests on pooled connections`, async () => {
  let next = 0;
  let foreign = 0;
  let wrong = 0;
  const ask = async (): Promise<void> => {
    while (next < requests) {
      const turn = next++;
      const id = workspaces[turn % workspaces.length] ?? '';
      const rows = turn % 10 === 0
        ? await scope.run(id, async (em) => em.execute<{ workspace_id: string }[]>(everything, [], 'all'))
        : await scope.runSql(id, async (client) => (await client.query<{ workspace_id: string }>(everything)).rows);
      foreign += rows.filter((row) => row.workspace_id !== id).length;
      if (rows.length !== 5) wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: 24 }, ask));
  expect({ foreign, wrong, asked: next >= requests }).toEqual({ foreign: 0, wrong: 0, asked: true });
}, 600_000);
