import { randomUUID } from 'node:crypto';
import { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { SqlPool, WorkspaceScope } from '@tributary/persistence';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunQuery } from '../question/run-query.ts';
import { TestedAnalytics } from '../spec/analytics.harness.ts';
import { anOpportunity, anOrg } from '../spec/org.harness.ts';
import { homeWorkspace, type HandMadeWarehouse } from '../spec/warehouse.harness.ts';

/** Tables of this service that are open to every request, and why that shows nobody anything. */
const open: Readonly<Record<string, string>> = { migration: 'names of migrations' };

const other = WorkspaceId.parse('0199aa00-0000-7000-8000-00000000001b');
const query = { metrics: ['pipeline.open_count'] };
let analytics: TestedAnalytics;
let warehouse: HandMadeWarehouse;
let admin: Client;

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  warehouse = await analytics.warehouse();
  await anOrg(warehouse);
  await warehouse.write('Opportunity', anOpportunity({ Amount: '1.00' }));
  admin = new Client({ connectionString: analytics.environment.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await analytics?.stop();
});

it('is forced on every table but those that are named with their reason', async () => {
  const { rows } = await admin.query<{ name: string; closed: boolean }>(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (
      select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null and p.polcmd = '*') as closed
    from pg_class c where c.relnamespace = 'analytics'::regnamespace and c.relkind in ('r', 'p')`);
  expect(rows.length).toBeGreaterThan(4);
  expect(rows.filter(({ closed }) => !closed).map(({ name }) => name).sort()).toEqual(Object.keys(open).sort());
});

it('shows no request what the service notes of copies', async () => {
  const pool = analytics.app.get(SqlPool);
  const note = `insert into dataset (connection_id, object, version, rows, refreshed_at) values ('${randomUUID()}', 'Account', 1, 1, now())`;
  await pool.query(note);
  expect((await pool.query('select from dataset')).rowCount).toBe(1);
  const scope = analytics.app.get(WorkspaceScope);
  expect(await scope.runSql(homeWorkspace, async (sql) => (await sql.query('select from dataset')).rowCount)).toBe(0);
  await expect(scope.runSql(homeWorkspace, (sql) => sql.query(note))).rejects.toThrow(/row-level security/);
});

it.each(['postgres', 'duckdb'] as const)('answers a person of the workspace, and tells one of another workspace nothing: %s', async (engine) => {
  expect((await analytics.query(warehouse, query, engine)).rows).toHaveLength(1);
  await expect(analytics.query(warehouse, query, engine, other)).rejects.toMatchObject({ code: 'dataset.not_ready' });
  const together = analytics.app.get(RunQuery).executeAll({ workspaceId: other, connectionId: ConnectionId.parse(warehouse.connectionId), queries: [] }, engine);
  await expect(together).rejects.toMatchObject({ code: 'dataset.not_ready' });
});

it('lists rows for the workspace alone', async () => {
  expect((await analytics.records(warehouse, 'Opportunity')).rows).toHaveLength(1);
  await expect(analytics.records(warehouse, 'Opportunity', {}, other)).rejects.toMatchObject({ code: 'dataset.not_ready' });
});
