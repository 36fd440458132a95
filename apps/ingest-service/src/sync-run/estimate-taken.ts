import { tableName } from '../describe/column-plan.ts';
import type { Sql } from '../sql.ts';
import { rowsTableOf } from '../warehouse/row-layout.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import type { ObjectTracker } from './object-tracker.ts';
import type { ClaimedRun } from './run-lease.ts';
import { readEstimate } from './sync-runs.store.ts';

/** Puts beside a run's estimate what the objects really took; bytes are those of their tables with the indexes. */
export async function keepTaken(sql: Sql, { id, connectionId }: ClaimedRun, trackers: readonly ObjectTracker[]): Promise<void> {
  const estimate = await readEstimate(sql, id);
  if (estimate === null) return;
  const read = trackers.filter(({ object }) => estimate.objects.includes(object)).map((tracker) => tracker.state());
  const sum = (of: (state: (typeof read)[number]) => number): number => read.reduce((total, state) => total + of(state), 0);
  await sql.query(
    `update sync_run set estimate = estimate || jsonb_build_object('took', jsonb_build_object('rows', $2::bigint, 'apiCalls', $3::int, 'minutes', round((extract(epoch from finished_at - started_at) / 60)::numeric, 1),
        'bytes', (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $4 and c.relname = any($5)))) where id = $1`,
    [id, sum(({ rowsDone }) => rowsDone), sum(({ apiCalls }) => apiCalls), warehouseSchemaOf(connectionId), estimate.objects.map(tableName).flatMap((table) => [table, rowsTableOf(table)])]);
}
