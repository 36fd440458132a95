import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compareFirstLoads } from './ingest/first-load.ts';
import { measureIncrements } from './ingest/increments.ts';
import { anIngestPlace, type IngestPlace } from './ingest/ingest-place.ts';
import { measureManyConnections } from './ingest/many-connections.ts';
import { measureWideOrg } from './ingest/wide.ts';

// node src/ingest.bench.ts [rows] [times] [--connections n] [--columns n] [--objects n]; what is 0 is left out. docs/bench.md says what is measured.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { connections: { type: 'string', default: '100' }, columns: { type: 'string', default: '800' }, objects: { type: 'string', default: '20' } },
});
const [rows = 100_000, times = 2] = positionals.map(Number);
const [connections, columns, objects] = [values.connections, values.columns, values.objects].map(Number) as [number, number, number];

console.log(`${cpus().length} cores, Node ${process.version}`);
if (rows > 0) await inPlace([rows, Math.min(10_000, rows)], async (place) => {
  const connectionId = await compareFirstLoads(place, rows, times);
  console.log(`  peak memory of ingest-service: ${await place.peakMegabytes()} MB`);
  await measureIncrements(place, connectionId, Math.min(10_000, rows), 3);
});
if (connections > 0) await inPlace([200, 20], (place) => measureManyConnections(place, connections, 20));
if (columns > 0) await inPlace([10, 10, columns, objects], (place) => measureWideOrg(place, columns, objects));

/** Each part has servers of its own, so that none meets what another left. */
async function inPlace(source: readonly number[], measure: (place: IngestPlace) => Promise<void>): Promise<void> {
  const place = await anIngestPlace(source.map(String));
  try {
    await measure(place);
  } finally {
    await place.stop();
  }
}
