import { setTimeout as sleep } from 'node:timers/promises';
import { putSelection, Selection, startSyncRun } from '@tributary/api-contracts';
import { ConnectionId, SyncRunId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import { until } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { IngestHarness, connectionId, workspaceId } from '../spec-support/ingest.harness.ts';
import { ObjectTracker } from '../sync-run/object-tracker.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { saveTrackers } from '../sync-run/run-objects.store.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';
import { recordTokenReady } from './connections.store.ts';

let ingest: IngestHarness;
let other: Client;
/** PostgreSQL looks for a deadlock once, so long after a wait began: later the one that waits last is told of it. */
const lookedForMs = 1_500;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService();
  other = new Client({ connectionString: ingest.environment.databaseUrl('ingest'), options: '-c search_path=ingest -c tributary.scope=installation' });
  await other.connect();
});

afterEach(async () => {
  await other.query('rollback');
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await other?.end();
  await ingest?.stop();
});

/** Waits until a statement of the service waits for a lock. */
async function untilBlocked(statement: string): Promise<void> {
  await until(`${statement} to wait`, async () => (await ingest.rows(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ $1`, [statement])).length > 0, 30_000);
  await sleep(lookedForMs);
}

it('lets a token be told of in the moment in which a run ends', async () => {
  ingest.simulator.org.addObject({ name: 'Slow__c', bulkRefused: true, fields: [], rows: { count: 10, row: (index) => ({ Name: `Row ${index}` }) } });
  await ingest.firstRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name: 'Slow__c' }] }) });
  await until('the run of what was chosen', async () => (await ingest.rows(`select 1 from ingest.sync_run where status = 'running'`)).length === 0);
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 2_000 } });
  ingest.simulator.log.clear();
  const { run } = await ingest.ask(startSyncRun, { connectionId });
  await until('the rows to be asked for', () => ingest.simulator.log.mostAtOnce(/queryAll$/) > 0, 30_000);
  await other.query('begin');
  await recordTokenReady(other, { id: connectionId, orgId: ingest.simulator.orgId, epoch: 1_000 });
  await untilBlocked('from connection where id = .1 for no key update|update connection set last_sync_at');
  await openRun(other, connectionId);
  await other.query('commit');
  expect(await until('the end of the run', async () => (await ingest.rows<{ status: string }>(`select status from ingest.sync_run where id = $1 and status <> 'running'`, [run.id]))[0])).toEqual({ status: 'complete' });
}, 90_000);

it('ends a connection in the moment in which a worker writes for its run', async () => {
  const id = ConnectionId.parse('0199aa00-0000-7000-8000-000000004001');
  const run = { id: SyncRunId.parse('0199aa00-0000-7000-8000-000000004002'), connectionId: id, kind: 'first', epoch: '1', correlationId: id, causedBy: null, onlyDue: false, planned: true, workspace: 'w', org: 'o' } as const;
  await other.query(`insert into connection (id, warehouse_schema) values ($1, 'c_none')`, [id]);
  await other.query(`insert into sync_run (id, connection_id, kind, correlation_id, lease_name, lease_boot, lease_until, lease_epoch) values ($1, $2, 'first', $2, 'elsewhere', $2, now() + interval '1 hour', 1)`, [run.id, id]);
  await other.query('begin');
  await requireLease(other, run);
  ingest.auth.publishErased(id, 'keep');
  await untilBlocked('update sync_run set status = .failed');
  await other.query(`insert into finished_job (connection_id, job_id, api_version) values ($1, '750000000000001AAA', '66.0')`, [id]);
  await other.query('commit');
  await until('the end of the connection', async () => (await ingest.rows(`select 1 from ingest.connection where id = $1 and state = 'frozen'`, [id])).length === 1, 30_000);
}, 60_000);

it('tells a workspace of a connection in the moment in which a worker writes for its run', async () => {
  const id = ConnectionId.parse('0199aa00-0000-7000-8000-000000004003');
  const run = { id: SyncRunId.parse('0199aa00-0000-7000-8000-000000004004'), connectionId: id, kind: 'first', epoch: '1', correlationId: id, causedBy: null, onlyDue: false, planned: true, workspace: 'w', org: 'o' } as const;
  await other.query(`insert into connection (id, warehouse_schema) values ($1, 'c_none')`, [id]);
  await other.query(`insert into sync_run (id, connection_id, kind, correlation_id, lease_name, lease_boot, lease_until, lease_epoch) values ($1, $2, 'first', $2, 'elsewhere', $2, now() + interval '1 hour', 1)`, [run.id, id]);
  await other.query('begin');
  await requireLease(other, run);
  ingest.auth.publishAuthorized(id, workspaceId);
  await untilBlocked('insert into connection|update sync_run set workspace_id');
  await other.query(`insert into cursor_choice (connection_id, workspace_id, object, choice) values ($1, (select workspace_id from connection where id = $1 for key share), 'Account', '{}')`, [id]);
  await other.query('commit');
  await until('the workspace to be told', async () => (await ingest.rows('select 1 from ingest.connection where id = $1 and workspace_id = $2', [id, workspaceId])).length === 1);
  expect(await ingest.rows(`select r.workspace_id as run, o.workspace_id as choice from ingest.sync_run r join ingest.cursor_choice o using (connection_id) where connection_id = $1`, [id])).toEqual([{ run: workspaceId, choice: workspaceId }]);
}, 60_000);

it('stores how far objects are only once their run may be taken, so that it holds none of them that a workspace is told of', async () => {
  const id = ConnectionId.parse('0199aa00-0000-7000-8000-000000004005');
  const run = { id: SyncRunId.parse('0199aa00-0000-7000-8000-000000004006'), epoch: '1' };
  await other.query(`insert into connection (id, warehouse_schema, workspace_id) values ($1, 'c_none', $2)`, [id, workspaceId]);
  await other.query(`insert into sync_run (id, connection_id, kind, correlation_id, lease_name, lease_boot, lease_until, lease_epoch) values ($1, $2, 'first', $2, 'elsewhere', $2, now() + interval '1 hour', 1)`, [run.id, id]);
  await other.query(`insert into sync_run_object (run_id, object, label, position) values ($1, 'Account', 'Account', 1)`, [run.id]);
  await other.query('begin');
  await other.query('update sync_run set workspace_id = $2 where id = $1', [run.id, workspaceId]);
  const saved = saveTrackers(ingest.get(SqlPool), run, [new ObjectTracker('Account', 'Account', null, () => undefined)]);
  await untilBlocked('update sync_run_object t');
  await other.query(`update sync_run_object set workspace_id = $2 where run_id = $1`, [run.id, workspaceId]);
  await other.query('commit');
  await saved;
  expect(await ingest.rows('select workspace_id, api_calls from ingest.sync_run_object where run_id = $1', [run.id])).toEqual([{ workspace_id: workspaceId, api_calls: 0 }]);
}, 60_000);
