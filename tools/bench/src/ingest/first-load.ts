import { dropFloor, floor } from './floor.ts';
import { finishedRun, warehouseOf, type IngestPlace } from './ingest-place.ts';
import { opportunityFields } from './opportunity-fields.ts';

/** Floor and product by turns, so that whatever else the machine does meets both. @returns the connection that was loaded last */
export async function compareFirstLoads(place: IngestPlace, rows: number, times: number): Promise<string> {
  const { bytes, pages } = (await (await fetch(`${place.sourceOrigin}/round?number=0`)).json()) as { bytes: number; pages: number };
  console.log(`first load: ${rows.toLocaleString('en')} rows of ${opportunityFields.length} columns, ${Math.round(bytes / 1e6)} MB of CSV in ${pages} pages`);
  const floors: number[] = [];
  const loads: number[] = [];
  let connectionId = '';
  for (let turn = 1; turn <= times; turn += 1) {
    await dropFloor(place.database);
    const [floorSeconds, floorCpu] = await measured(place, () => seconds(() => floor(place.database, place.sourceOrigin, pages)));
    if (connectionId !== '') await place.database.query(`drop schema ${warehouseOf(connectionId)} cascade`);
    connectionId = place.connect();
    // From the consent of a new connection to the committed receipt.
    const [loadSeconds, loadCpu] = await measured(place, () => finishedRun(place, connectionId, 1));
    console.log(`  turn ${turn}: floor ${floorSeconds.toFixed(2)} s (processor time ${floorCpu}), product ${loadSeconds.toFixed(2)} s (processor time ${loadCpu}), ratio ${(loadSeconds / floorSeconds).toFixed(2)}`);
    floors.push(floorSeconds);
    loads.push(loadSeconds);
  }
  console.log(`  medians: floor ${median(floors).toFixed(2)} s, product ${median(loads).toFixed(2)} s = ${Math.round(rows / median(loads)).toLocaleString('en')} rows/s; ratio ${(median(loads) / median(floors)).toFixed(2)}`);
  return connectionId;
}

async function measured(place: IngestPlace, work: () => Promise<number>): Promise<[number, string]> {
  const before = await place.cpu();
  const taken = await work();
  const after = await place.cpu();
  return [taken, (['postgres', 'ingest', 'source', 'bench'] as const).map((part) => `${part} ${(after[part] - before[part]).toFixed(1)} s`).join(', ')];
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
