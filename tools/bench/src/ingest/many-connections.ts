import { setTimeout as sleep } from 'node:timers/promises';
import { fallDue, warehouseOf, type IngestPlace } from './ingest-place.ts';

/** Small increments of many connections that fall due in the same moment: how long each waits for its run to be done. */
export async function measureManyConnections({ database, sourceOrigin, connect, cpu }: IngestPlace, connections: number, changedRows: number): Promise<void> {
  await fetch(`${sourceOrigin}/round?number=0`);
  const ids = Array.from({ length: connections }, connect);
  await until(() => finished(1));
  await fetch(`${sourceOrigin}/round?number=1`);
  const before = await cpu();
  const dueAt = await fallDue(database, ids);
  await until(() => finished(2));
  const after = await cpu();
  const { rows: [waits] } = await database.query<{ complete: string; half: number; most: number; longest: number }>(
    `select count(*) filter (where status = 'complete') as complete, percentile_cont(0.5) within group (order by s) as half, percentile_cont(0.99) within group (order by s) as most, max(s) as longest
       from (select status, extract(epoch from finished_at - $2::timestamptz)::float8 as s from ingest.sync_run where connection_id = any($1) and started_at >= $2::timestamptz) r`, [ids, dueAt]);
  let changed = 0;
  for (const id of ids) {
    const { rows: [found] } = await database.query<{ kept: string }>(`select count(*) as kept from ${warehouseOf(id)}.record_version`);
    changed += Number(found?.kept);
  }
  if (changed !== changedRows * connections) throw new Error(`the runs found ${changed} changes of ${changedRows * connections}`);
  console.log(`${connections} connections with small increments at once: ${waits?.complete} complete; half done after ${waits?.half.toFixed(1)} s, 99 % after ${waits?.most.toFixed(1)} s, the last after ${waits?.longest.toFixed(1)} s; ` +
    `processor time postgres ${(after.postgres - before.postgres).toFixed(1)} s, ingest ${(after.ingest - before.ingest).toFixed(1)} s`);

  async function finished(runs: number): Promise<boolean> {
    const { rows: [done] } = await database.query<{ all: boolean }>(
      `select count(*) >= $2 as all from (select connection_id from ingest.sync_run where connection_id = any($1) and status <> 'running' group by connection_id having count(*) >= $3) c`, [ids, connections, runs]);
    return done?.all === true;
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(200);
}
