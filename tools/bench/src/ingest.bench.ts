import { cpus } from 'node:os';
import { compareFirstLoads } from './ingest/first-load.ts';
import { measureIncrements } from './ingest/increments.ts';
import { anIngestPlace } from './ingest/ingest-place.ts';

// node src/ingest.bench.ts [rows] [times]: pages of a Bulk export into the warehouse, beside the floor of the same pages streamed into COPY.
const [, , rowsArgument = '100000', timesArgument = '3'] = process.argv;
const rows = Number(rowsArgument);
const times = Number(timesArgument);
const changedRows = Math.min(10_000, rows);

console.log(`${cpus().length} cores, Node ${process.version}`);
const place = await anIngestPlace([String(rows), String(changedRows)]);
try {
  const connectionId = await compareFirstLoads(place, rows, times);
  console.log(`peak memory of ingest-service: ${await place.peakMegabytes()} MB`);
  await measureIncrements(place, connectionId, changedRows, 3);
  console.log(`peak memory of ingest-service: ${await place.peakMegabytes()} MB`);
} finally {
  await place.stop();
}
