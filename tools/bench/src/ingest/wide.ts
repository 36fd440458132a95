import { finishedRun, type IngestPlace } from './ingest-place.ts';

/** All objects of an org in one run. The place is a fresh one, so that the peak memory is of this run. */
export async function measureWideOrg(place: IngestPlace, columns: number, objects: number): Promise<void> {
  const { database, sourceOrigin } = place;
  await fetch(`${sourceOrigin}/round?number=0`);
  const id = place.connect();
  await finishedRun(place, id, 1);
  const chosen = ['Wide__c', ...Array.from({ length: objects }, (_object, index) => `Object${index}__c`)];
  await database.query('update ingest.connection set selection = $2, next_sync_at = now() where id = $1', [id, JSON.stringify({ objects: chosen.map((name) => ({ name })) })]);
  const seconds = await finishedRun(place, id, 2);
  const { rows: [loaded] } = await database.query<{ rows: string; objects: string }>(`select sum(rows_done) as rows, count(*) filter (where status = 'complete') as objects from ingest.sync_run_object where run_id = (select id from ingest.sync_run where connection_id = $1 order by started_at desc limit 1)`, [id]);
  console.log(`an object of ${columns} columns and ${objects} more objects: ${loaded?.objects} complete, ${Number(loaded?.rows).toLocaleString('en')} rows in ${seconds.toFixed(1)} s; peak memory of ingest-service: ${await place.peakMegabytes()} MB`);
}
