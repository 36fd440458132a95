import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { freePort, until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { IngestHarness } from '../spec-support/ingest.harness.ts';
import { connectMore } from '../spec-support/one-org.harness.ts';
import { buildService, ServiceProcess } from '../spec-support/service-process.harness.ts';

const queries = /GET .*\/queryAll$/;
const downloads = /GET .*\/jobs\/query\/\{id\}\/results$/;
const objects = Array.from({ length: 4 }, (_, number) => `Object${number}__c`);
let ingest: IngestHarness;
let main: string;
let running: ServiceProcess[] = [];

/** Starts a process, and waits until it can work: one that comes late finds the runs done by the other. */
async function start(more: NodeJS.ProcessEnv = {}): Promise<{ service: ServiceProcess; name: string }> {
  const port = await freePort();
  const service = new ServiceProcess(main, ingest.variables({ TRIBUTARY_SERVICE_PORT: String(port), ...more }));
  running.push(service);
  await until('a process to be ready', async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200, 60_000);
  return { service, name: `${hostname()}:${port}` };
}

/** First runs of six connections, three for each of two processes: none reads anything before both have theirs. */
async function connectBoth(): Promise<string[]> {
  const { promise: after, resolve: readOn } = Promise.withResolvers<void>();
  ingest.simulator.faults.add({ match: { path: /\/describe$/ }, answer: { after } });
  await ingest.untilStream();
  const ids = await connectMore(ingest, 6, objects);
  await until('runs of both', async () => (await ingest.rows(`select from ingest.sync_run where status = 'running' and lease_until > now() group by lease_boot having count(*) = 3`)).length === 2, 60_000);
  readOn();
  return ids;
}

async function untilComplete(ids: readonly string[]): Promise<void> {
  await until('the end of all runs', async () => {
    const runs = await ingest.rows<{ status: string }>(`select status from ingest.sync_run where connection_id = any($1) and status <> 'running'`, [ids]);
    if (runs.some(({ status }) => status !== 'complete')) throw new Error(`runs ended ${runs.map(({ status }) => status).join(', ')}`);
    return runs.length === ids.length;
  }, 90_000);
}

/** Processes that hold slots at this moment. */
async function holders(kind: string): Promise<string[]> {
  return (await ingest.rows<{ process: string }>('select distinct process from ingest.call_slot where kind = $1 and until > now()', [kind])).map(({ process }) => process);
}

beforeAll(async () => {
  [ingest, main] = await Promise.all([IngestHarness.start({ size: 'empty' }), buildService()]);
  for (const name of objects) ingest.simulator.org.addObject({ name, fields: [{ name: 'Amount__c', type: 'currency' }], rows: { count: 1_000, row: (index) => ({ Name: `Row ${index}`, Amount__c: index }) } });
});

afterEach(async () => {
  await Promise.all(running.map(async (one) => one.kill()));
  running = [];
  ingest.simulator.faults.clear();
  ingest.simulator.log.clear();
});

afterAll(async () => {
  await ingest?.stop();
  if (main !== undefined) await rm(dirname(main), { recursive: true, force: true });
});

it('asks an org at most five queries at a time from two processes together', async () => {
  ingest.simulator.faults.add({ match: { path: /\/queryAll$/ }, answer: { delayMs: 200 } });
  await Promise.all([start(), start()]);
  const ids = await connectBoth();
  await until('slots of both', async () => (await holders('query')).length === 2, 60_000);
  await untilComplete(ids);
  expect(ingest.simulator.log.mostAtOnce(queries)).toBe(5);
}, 120_000);

it('downloads at most five pages of exports of an org at a time from two processes together, also when one of them is killed meanwhile', async () => {
  ingest.simulator.settings.bulkPageRows = 100;
  ingest.simulator.faults.add({ match: { path: /\/results$/ }, answer: { delayMs: 400 } });
  const exports = { TRIBUTARY_REST_ROWS: '0' };
  const [killed] = await Promise.all([start(exports), start(exports)]);
  const ids = await connectBoth();
  await until('slots of both', async () => (await holders('download')).length === 2, 60_000);
  expect(await holders('download')).toContain(killed.name);
  await killed.service.kill();
  const [left] = await ingest.rows<{ ms: number }>(`select (extract(epoch from max(until) - now()) * 1000)::float8 as ms from ingest.call_slot where process = $1`, [killed.name]);
  expect(left?.ms).toBeLessThanOrEqual(15_000);
  await until('the slots of the killed process to be free', async () => !(await holders('download')).includes(killed.name), 30_000);
  await untilComplete(ids);
  const most = ingest.simulator.log.mostAtOnce(downloads);
  expect(most).toBeGreaterThan(3);
  expect(most).toBeLessThanOrEqual(5);
}, 150_000);
