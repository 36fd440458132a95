import { rm } from 'node:fs/promises';
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

async function start(more: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
  const started = new ServiceProcess(main, ingest.variables({ TRIBUTARY_SERVICE_PORT: String(await freePort()), ...more }));
  running.push(started);
  return started;
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
  await ingest.untilStream();
  const ids = await connectMore(ingest, 6, objects);
  await until('slots of both', async () => (await holders('query')).length === 2, 60_000);
  await untilComplete(ids);
  expect(ingest.simulator.log.mostAtOnce(queries)).toBe(5);
}, 120_000);

it('downloads at most five pages of exports of an org at a time from two processes together, also when one of them is killed meanwhile', async () => {
  ingest.simulator.settings.bulkPageRows = 100;
  ingest.simulator.faults.add({ match: { path: /\/results$/ }, answer: { delayMs: 400 } });
  const exports = { TRIBUTARY_REST_ROWS: '0' };
  const [killed] = await Promise.all([start(exports), start(exports)]);
  await ingest.untilStream();
  const ids = await connectMore(ingest, 6, objects);
  await until('slots of both', async () => (await holders('download')).length === 2, 15_000);
  await killed.kill();
  const killedAt = performance.now();
  await until('the slots of the killed process to be free', async () => (await holders('download')).length === 1, 20_000);
  expect(performance.now() - killedAt).toBeLessThan(17_000);
  await untilComplete(ids);
  const most = ingest.simulator.log.mostAtOnce(downloads);
  expect(most).toBeGreaterThan(3);
  expect(most).toBeLessThanOrEqual(5);
}, 150_000);
