import { setTimeout as sleep } from 'node:timers/promises';
import * as contracts from '@tributary/api-contracts';
import { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { SqlPool, WorkspaceScope } from '@tributary/persistence';
import { until } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Connections, recordAuthorized, recordTokenReady } from './connections.store.ts';
import { connectionId, IngestHarness, schema, workspaceId } from '../spec-support/ingest.harness.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';

/** Tables of this service that are open to every request, and why that shows nobody anything. */
const open: Readonly<Record<string, string>> = {
  migration: 'names of migrations',
  outbox: 'requests write their events into it, each in its own transaction; none reads it',
};

const other = WorkspaceId.parse('0199aa00-0000-7000-8000-00000000001b');
const object = 'Account';
let ingest: IngestHarness;
let scope: WorkspaceScope;
let runId: string;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService();
  scope = ingest.get(WorkspaceScope);
  runId = (await ingest.firstRun()).id;
  const pool = ingest.get(SqlPool);
  // What a first run has no cause to write.
  await pool.query("insert into new_field (connection_id, workspace_id, object, field, decision) values ($1, $2, $3, 'Mood__c', 'waiting')", [connectionId, workspaceId, object]);
  await pool.query("insert into held_deletion (connection_id, workspace_id, object, ids, stored_rows) values ($1, $2, $3, '{001}', 40)", [connectionId, workspaceId, object]);
  await pool.query("insert into change_stream (connection_id, workspace_id, topic) values ($1, $2, 'a topic')", [connectionId, workspaceId]);
  await pool.query('insert into changed_object (connection_id, workspace_id, object, due_at) values ($1, $2, $3, now() + interval \'1 day\')', [connectionId, workspaceId, object]);
  await pool.query("insert into finished_job (connection_id, job_id, api_version) values ($1, '750000000000001AAA', '66.0')", [connectionId]);
  await callsAtRest();
});

afterAll(async () => ingest?.stop());

/** Calls are written a second after they were made: what is written later is of the run, not of a question. */
async function callsAtRest(): Promise<void> {
  let before = -1;
  await until('the calls of the run to be written', async () => {
    const { length } = await ingest.rows('select 1 from ingest.salesforce_call');
    const areAtRest = length === before;
    before = length;
    if (!areAtRest) await sleep(2_000);
    return areAtRest;
  }, 30_000);
}

interface Table {
  readonly name: string;
  readonly closed: boolean;
  readonly of_workspace: boolean;
}

/** All tables of this service's schema, but stages: they are made and dropped with the rows of one window, and no request names one. */
async function tables(): Promise<readonly Table[]> {
  return ingest.rows<Table & Record<string, unknown>>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (
             select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null and p.polcmd = '*') as closed,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped) as of_workspace
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'ingest' and c.relkind in ('r', 'p') and c.relname !~ '^stage_[0-9a-f]{24}$' order by name`);
}

const ofWorkspace = async (): Promise<string[]> => (await tables()).filter((table) => table.of_workspace).map(({ name }) => name);

it('is forced on every table but those that are named with their reason', async () => {
  const all = await tables();
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter(({ closed }) => !closed).map(({ name }) => name).sort()).toEqual(Object.keys(open).sort());
});

it('shows a workspace its own rows, and another one no row of any table, whatever is asked', async () => {
  const names = await ofWorkspace();
  expect(names).toEqual([
    'change_stream', 'changed_object', 'connection', 'cursor_choice', 'delete_watch', 'held_deletion', 'new_field', 'object_describe', 'object_turn', 'salesforce_call', 'sync_run', 'sync_run_object',
  ]);
  const count = (of: string, table: string) => scope.runSql(of, async (sql) => (await sql.query(`select from ${table}`)).rowCount);
  for (const table of names) {
    expect([table, await count(workspaceId, table)]).toEqual([table, (await ingest.get(SqlPool).query(`select from ${table}`)).rowCount]);
    expect([table, await count(workspaceId, table)]).not.toEqual([table, 0]);
    expect([table, await count(other, table)]).toEqual([table, 0]);
  }
});

it('shows no request what only runs and the bus work with', async () => {
  for (const { name } of (await tables()).filter((table) => table.closed && !table.of_workspace)) expect([name, await scope.runSql(workspaceId, async (sql) => (await sql.query(`select from ${name}`)).rowCount)]).toEqual([name, 0]);
  expect((await ingest.get(SqlPool).query('select from finished_job')).rowCount).toBe(1);
});

it('neither takes, changes nor deletes a row for another workspace', async () => {
  for (const table of await ofWorkspace()) {
    expect([table, await scope.runSql(other, async (sql) => [(await sql.query(`update ${table} set workspace_id = $1`, [other])).rowCount, (await sql.query(`delete from ${table}`)).rowCount])]).toEqual([table, [0, 0]]);
    await expect(scope.runSql(workspaceId, (sql) => sql.query(`update ${table} set workspace_id = $1`, [other])), table).rejects.toThrow(/row-level security/);
  }
});

it('belongs to the connection: no row can have another workspace, also not by mistake of what works for all', async () => {
  for (const table of (await ofWorkspace()).filter((name) => !['connection', 'salesforce_call'].includes(name))) {
    await expect(ingest.get(SqlPool).query(`update ${table} set workspace_id = $1`, [other]), table).rejects.toThrow(/foreign key/);
  }
});

/** What is asked of another workspace's connection in each request of a person, and what comes back. */
const asked: Readonly<Record<string, readonly [request: Record<string, unknown>, answer: unknown]>> = {
  connectionSyncs: [{ connectionIds: [connectionId] }, { syncs: {} }],
  listSyncRuns: [{ limit: 10 }, { runs: [] }],
  getSyncRun: [{}, 'SYNC_RUN_NOT_FOUND'],
  startSyncRun: [{}, 'CONNECTION_NOT_READY'],
  getCatalogue: [{ object }, 'CONNECTION_UNKNOWN'],
  putSelection: [{ selection: { objects: [{ name: object, fields: null }] } }, 'CONNECTION_UNKNOWN'],
  estimateSelection: [{ selection: { objects: [{ name: object, fields: null }] } }, 'CONNECTION_UNKNOWN'],
  switchChangeEvents: [{ on: false }, 'CONNECTION_UNKNOWN'],
  getSyncSettings: [{}, 'CONNECTION_UNKNOWN'],
  putSyncSettings: [{ settings: contracts.SyncSettings.parse({ intervalSeconds: 7_200 }) }, 'CONNECTION_UNKNOWN'],
  forecastSync: [{ settings: contracts.SyncSettings.parse({}) }, 'CONNECTION_UNKNOWN'],
  decideNewFields: [{ decisions: [{ object, field: 'Mood__c', decision: 'copy' }] }, 'CONNECTION_UNKNOWN'],
  listDeletions: [{}, 'CONNECTION_UNKNOWN'],
  confirmDeletions: [{ personId: '0199aa00-0000-7000-8000-00000000001a', object, rows: 1 }, 'CONNECTION_UNKNOWN'],
  listSalesforceCalls: [{ limit: 10 }, { calls: [], before: null, keptDays: 14, keptCalls: null }],
  probeOrg: [{}, 'CONNECTION_UNKNOWN'],
};

type AnyRequest = contracts.RequestDefinition<{ readonly workspaceId: WorkspaceId }, unknown>;
const requests = Object.entries(contracts as unknown as Readonly<Record<string, Partial<AnyRequest>>>).flatMap(([name, one]) => (one.subject?.startsWith('tributary.rpc.ingest.') === true ? [[name, one as AnyRequest] as const] : []));

it('has an entry for every request', () => {
  expect(requests.map(([name]) => name).sort()).toEqual(Object.keys(asked).sort());
});

/** Everything that is kept of connections; slots and budgets of calls are of orgs, and given back in their own time. */
async function kept(): Promise<unknown[]> {
  const all = [];
  for (const { name } of (await tables()).filter((table) => !/^(call_slot|org_usage)/.test(table.name))) all.push([name, await ingest.rows(`select to_jsonb(t) as row from ingest.${name} t order by to_jsonb(t)::text`)]);
  return all;
}

it.each(requests)('%s tells a person of another workspace nothing, changes nothing, and asks Salesforce nothing', async (name, definition) => {
  const [request, expected] = asked[name] ?? [{}, undefined];
  const [before, calls] = [await kept(), ingest.simulator.log.entries().length];
  const asking = { ...(name === 'connectionSyncs' ? {} : { connectionId }), ...(name === 'getSyncRun' ? { runId } : {}), ...request };
  const answer = await ingest.ask(definition, asking, other).catch((error: unknown) => (error as { code?: string }).code);
  expect(answer).toEqual(expected);
  expect(await kept()).toEqual(before);
  expect(ingest.simulator.log.entries().length).toBe(calls);
});

it('hides a connection also from a reader that checks nothing', async () => {
  const connections = ingest.get(Connections);
  expect(await connections.find(connectionId, scope.sqlOf(other))).toBeUndefined();
  expect(await connections.catalogue(connectionId, scope.sqlOf(other))).toBeUndefined();
  await connections.keepCatalogue(connectionId, [], scope.sqlOf(other));
  expect((await connections.catalogue(connectionId, scope.sqlOf(workspaceId)))?.objects.length).toBeGreaterThan(0);
});

it('shows what was copied to requests of its workspace alone, and to whoever names none, such as a BI tool', async () => {
  const reader = new Client({ connectionString: ingest.environment.databaseUrl('analytics') });
  await reader.connect();
  const seen = async (workspace: string) => {
    await reader.query("select set_config('tributary.workspace_id', $1, false)", [workspace]);
    return (await reader.query(`select from ${schema}.sync_object`)).rowCount ?? 0;
  };
  const all = await seen('');
  expect([all > 5, await seen(workspaceId), await seen(other)]).toEqual([true, all, 0]);
  await reader.end();
  expect(await scope.runSql(other, async (sql) => (await sql.query(`select from ${schema}.sync_object`)).rowCount)).toBe(0);
});

it('shows what was written of a connection before anybody told of its workspace as soon as it is told', async () => {
  const early = ConnectionId.parse('0199aa00-0000-7000-8000-0000000000e1');
  ingest.auth.publishTokenReady(early);
  await until('the first run', async () => (await ingest.rows(`select from ingest.sync_run where connection_id = $1 and status = 'complete'`, [early])).length === 1, 60_000);
  expect(await ingest.ask(contracts.listSyncRuns, { connectionId: early, limit: 10 })).toEqual({ runs: [] });
  ingest.auth.publishAuthorized(early, other);
  await until('the workspace is known', async () => (await ingest.rows('select from ingest.connection where id = $1 and workspace_id = $2', [early, other])).length === 1);
  expect((await ingest.ask(contracts.listSyncRuns, { connectionId: early, limit: 10 }, other)).runs).toHaveLength(1);
  expect(await ingest.ask(contracts.listSyncRuns, { connectionId: early, limit: 10 })).toEqual({ runs: [] });
  for (const table of await ofWorkspace()) expect([table, await ingest.rows(`select from ingest.${table} where workspace_id is null`)]).toEqual([table, []]);
  expect((await scope.runSql(other, (sql) => sql.query(`select from ${warehouseSchemaOf(early)}.sync_object`))).rowCount).toBeGreaterThan(5);
});

it('shows a run also when one process hears of the token while another one hears of the connection', async () => {
  const [id, orgId] = ['0199aa00-0000-7000-8000-0000000000e2', '00DXX0000001abcEAA'];
  const pool = ingest.get(SqlPool);
  let authorized: Promise<void> | undefined;
  await pool.transaction(async (client) => {
    await recordTokenReady(client, { id, orgId, epoch: 1 });
    await openRun(client, id);
    authorized = pool.transaction((another) => recordAuthorized(another, { id, workspaceId: other, orgId, userId: '005XX000001XyzAAA' }));
    await until('the other one waits', async () => (await ingest.rows("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into connection%'")).length === 1);
  });
  await authorized;
  expect(await ingest.rows('select workspace_id from ingest.sync_run where connection_id = $1', [id])).toEqual([{ workspace_id: other }]);
});

it('closes what an earlier version copied, also of a connection without a further run', async () => {
  await ingest.stopService();
  for (const change of [`drop policy workspace_scope on ${schema}.sync_object`, `alter table ${schema}.sync_object disable row level security, no force row level security`, `delete from ingest.migration where name like '0036%'`]) await ingest.database.query(change);
  // Of the others the schema is closed already.
  await ingest.database.query(`update ingest.connection set warehouse_schema = 'none' where id <> $1`, [connectionId]);
  await ingest.startService();
  const seen = async (workspace: string) => ingest.get(WorkspaceScope).runSql(workspace, async (sql) => (await sql.query(`select from ${schema}.sync_object`)).rowCount ?? 0);
  expect([await seen(other), (await seen(workspaceId)) > 5]).toEqual([0, true]);
});
