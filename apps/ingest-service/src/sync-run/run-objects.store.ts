import type { ObjectProgress } from '@tributary/api-contracts';
import type { ChosenObject } from '../selection/selection.ts';
import type { Sql } from '../sql.ts';
import { ObjectTracker } from './object-tracker.ts';
import type { ClaimedRun } from './run-lease.ts';
import { progressOf } from './progress.ts';

interface RunObjectRow {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly label: string;
  readonly fields: string[] | null;
  readonly status: ObjectProgress['status'];
  readonly step: string;
  readonly rows_done: string;
  readonly rows_total: string | null;
  readonly rows_per_second: number | null;
  readonly eta_from: number | null;
  readonly eta_to: number | null;
  readonly api: 'bulk' | 'rest' | null;
  readonly api_calls: number;
  readonly code: string | null;
  readonly reason: string | null;
}

async function rowsOf(sql: Sql, runId: string): Promise<RunObjectRow[]> {
  return (await sql.query<RunObjectRow>('select * from sync_run_object where run_id = $1 order by position', [runId])).rows;
}

/** The objects of a run in their order of value. */
export async function addRunObjects(sql: Sql, runId: string, objects: readonly ChosenObject[]): Promise<void> {
  await sql.query(
    `insert into sync_run_object (run_id, workspace_id, object, label, fields, position)
     select $1, (select workspace_id from sync_run where id = $1 for key share), o.name, o.label, o.fields, o.position from jsonb_to_recordset($2::jsonb) as o(name text, label text, fields jsonb, position int) on conflict do nothing`,
    [runId, JSON.stringify(objects.map(({ name, label, fields }, position) => ({ name, label: label || name, fields, position })))]);
}

/** Objects the budget does not reach in this run: they are not complete, and it says why. */
export async function leaveOut(sql: Sql, runId: string, objects: readonly string[]): Promise<void> {
  const reason = 'Left for a later run: the API calls that are left go to more valuable objects. The next run reads it if they suffice by then.';
  await sql.query(`update sync_run_object set status = 'partial', step = $3, code = 'API_BUDGET_SHED', reason = $3 where run_id = $1 and object = any($2::text[])`, [runId, objects, reason]);
}

/** Trackers of a run's objects, as far as an earlier process had come. */
export async function loadTrackers(sql: Sql, runId: string, changed: () => void): Promise<ObjectTracker[]> {
  return (await rowsOf(sql, runId)).map((row) => {
    const tracker = new ObjectTracker(row.object, row.label, row.fields, changed);
    tracker.restore({
      status: row.status, step: row.step, rowsDone: Number(row.rows_done), rowsTotal: row.rows_total === null ? null : Number(row.rows_total), api: row.api, apiCalls: row.api_calls,
      problem: row.code === null || row.reason === null ? undefined : { code: row.code, text: row.reason },
    });
    return tracker;
  });
}

/** Stores how far objects are, so that any replica can tell and go on; nothing when the run is another worker's by now. Whoever gives them to a workspace takes the run before its objects, too. */
export async function saveTrackers(sql: Sql, { id, epoch }: Pick<ClaimedRun, 'id' | 'epoch'>, trackers: readonly ObjectTracker[]): Promise<void> {
  const rows = trackers.map((tracker) => {
    const { etaSeconds, ...progress } = progressOf(tracker.state());
    return { ...progress, etaFrom: etaSeconds?.from ?? null, etaTo: etaSeconds?.to ?? null, code: tracker.problem?.code ?? null, reason: tracker.problem?.text ?? null };
  });
  await sql.query(
    `update sync_run_object t set status = s.status, step = s.step, rows_done = s."rowsDone", rows_total = s."rowsTotal", rows_per_second = s."rowsPerSecond", eta_from = s."etaFrom", eta_to = s."etaTo",
            api = s.api, api_calls = s."apiCalls", code = s.code, reason = s.reason
       from (select from sync_run where id = $1 and lease_epoch = $3 for key share) r cross join jsonb_to_recordset($2::jsonb) as s(object text, status text, step text, "rowsDone" bigint, "rowsTotal" bigint, "rowsPerSecond" float8, "etaFrom" int, "etaTo" int, api text, "apiCalls" int, code text, reason text)
      where t.run_id = $1 and t.object = s.object`, [id, JSON.stringify(rows), epoch]);
}

/** Progress of a run's objects as it was stored last. */
export async function readProgress(sql: Sql, runId: string): Promise<ObjectProgress[]> {
  return (await rowsOf(sql, runId)).map((row) => ({
    object: row.object, label: row.label, status: row.status, step: row.step, rowsDone: Number(row.rows_done), rowsTotal: row.rows_total === null ? null : Number(row.rows_total),
    rowsPerSecond: row.rows_per_second, etaSeconds: row.eta_from === null || row.eta_to === null ? null : { from: row.eta_from, to: row.eta_to }, api: row.api, apiCalls: row.api_calls,
  }));
}
