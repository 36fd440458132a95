import { median } from './first-load.ts';
import { fallDue, finishedRun, warehouseOf, type IngestPlace } from './ingest-place.ts';

/** Changes of a connection that is loaded already, some times. */
export async function measureIncrements(place: IngestPlace, connectionId: string, changedRows: number, times: number): Promise<void> {
  const { database, sourceOrigin } = place;
  const taken: number[] = [];
  for (let turn = 1; turn <= times; turn += 1) {
    await fetch(`${sourceOrigin}/round?number=${turn}`);
    await fallDue(database, [connectionId]);
    taken.push(await finishedRun(place, connectionId, turn + 1));
  }
  const { rows: [found] } = await database.query<{ rows: string; kept: string }>(`select (select count(*) from ${warehouseOf(connectionId)}.opportunity) as rows, (select count(*) from ${warehouseOf(connectionId)}.record_version) as kept`);
  if (Number(found?.kept) !== changedRows * times) throw new Error(`the runs found ${found?.kept} changes of ${changedRows * times}`);
  console.log(`increment: ${changedRows.toLocaleString('en')} changed rows into ${Number(found?.rows).toLocaleString('en')}: median ${median(taken).toFixed(2)} s of ${taken.map((value) => value.toFixed(2)).join(', ')} (${found?.kept} earlier versions kept)`);
}
