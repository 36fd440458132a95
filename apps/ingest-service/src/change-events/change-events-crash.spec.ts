import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { switchChangeEvents } from '@tributary/api-contracts';
import { freePort, until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { buildService, ServiceProcess } from '../spec-support/service-process.harness.ts';

let ingest: IngestHarness;
let main: string;
let port: number;
const processes: ServiceProcess[] = [];

function events() {
  const { changeEvents } = ingest.simulator;
  if (changeEvents === undefined) throw new Error('the simulator was started without change events');
  return changeEvents;
}

/** The schedule is an hour long: what arrives sooner was told by an event. */
function start(onPort = port): ServiceProcess {
  const service = new ServiceProcess(main, ingest.variables({ TRIBUTARY_SERVICE_PORT: String(onPort), SALESFORCE_PUBSUB_ENDPOINT: events().endpoint }));
  processes.push(service);
  return service;
}

let running: ServiceProcess;

async function live(): Promise<void> {
  await until('a living stream', async () => {
    const [row] = await ingest.rows<{ state: string; rest: boolean }>(
      `select state, replay_id is not null and not exists (select from ingest.changed_object) and not exists (select from ingest.sync_run where status = 'running') as rest from ingest.change_stream`);
    return row?.state === 'live' && row.rest && events().subscribers === 1;
  }, 30_000);
}

function rename(name: string): string {
  const id = String(ingest.simulator.org.rows('Account')[0]?.['Id']);
  ingest.simulator.org.update('Account', id, { Name: name });
  return id;
}

async function arrived(id: string, name: string): Promise<void> {
  await until(`${name} in the warehouse`, async () => (await ingest.rows(`select 1 from ${schema}.account where id = $1 and name = $2`, [id, name])).length === 1, 30_000);
}

/** So many runs read everything: users are told of by no event. */
async function polls(): Promise<number> {
  return (await ingest.rows(`select 1 from ingest.sync_run_object where object = 'User'`)).length;
}

beforeAll(async () => {
  [ingest, main, port] = await Promise.all([IngestHarness.start({ size: 'small', changeEvents: true }), buildService(), freePort()]);
  ingest.simulator.settings.changeEventKeepAliveMs = 500;
  running = start();
  await ingest.untilStream();
  await ingest.firstRun();
  await ingest.ask(switchChangeEvents, { connectionId, on: true });
  await live();
});

afterEach(() => {
  ingest.simulator.faults.clear();
});

afterAll(async () => {
  await Promise.all(processes.map((service) => service.kill()));
  await ingest?.stop();
  if (main !== undefined) await rm(dirname(main), { recursive: true, force: true });
});

it('forgets nothing when it is killed while it writes down what it was told, and hears what happened while it was dead', async () => {
  const polled = await polls();
  await ingest.rows(`create function ingest.be_slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return null; end'`);
  await ingest.rows('create trigger slow after insert on ingest.changed_object for each statement execute function ingest.be_slow()');
  const id = rename('Told while dying');
  await until('the writing', async () => (await ingest.rows(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0);
  await running.kill();
  // Waits for the end of the transaction that lost its process.
  await ingest.rows('drop trigger slow on ingest.changed_object');
  expect(await ingest.rows('select 1 from ingest.changed_object')).toEqual([]);
  const contact = ingest.simulator.org.insert('Contact', { LastName: 'Behind its back' });
  running = start();
  await arrived(id, 'Told while dying');
  await until('the contact', async () => (await ingest.rows(`select 1 from ${schema}.contact where id = $1`, [contact])).length === 1, 30_000);
  await live();
  expect(await polls()).toBe(polled);
});

it('reads what it had written down when it is killed before it read it', async () => {
  const polled = await polls();
  ingest.simulator.faults.add({ match: { path: /\/query/ }, answer: { delayMs: 2_000 } });
  const id = rename('Noted, then dead');
  await until('the reading', async () => (await ingest.rows(`select 1 from ingest.sync_run r join ingest.changed_object o using (connection_id) where r.status = 'running' and r.planned`)).length > 0);
  await running.kill();
  ingest.simulator.faults.clear();
  running = start();
  await arrived(id, 'Noted, then dead');
  await live();
  expect(await polls()).toBe(polled);
});

it('is followed by one of two processes, and by the other when that one is dead', async () => {
  const polled = await polls();
  const other = start(await freePort());
  await until('the other', async () => (await ingest.rows('select 1 from pg_stat_activity where usename = $1', ['tributary_ingest'])).length > 1);
  await live();
  await running.kill();
  await ingest.rows(`update ingest.change_stream set lease_until = now() - interval '1 second'`);
  const id = rename('For the other');
  await arrived(id, 'For the other');
  await live();
  expect(await polls()).toBe(polled);
  await other.kill();
});
