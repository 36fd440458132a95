import { setTimeout as sleep } from 'node:timers/promises';
import type { CallPass } from '@tributary/salesforce-client';
import { aServiceEnvironment, FaultProxy, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { SqlPool } from '@tributary/persistence';
import { CallSlots } from './call-slots.ts';

let environment: ServiceEnvironment;
let database: Client;
const started: CallSlots[] = [];
let number = 0;
let org = '';

/** What another process of the service has. */
function aProcess(processName?: string, databaseUrl = environment.databaseUrl('ingest')): CallSlots {
  const slots = new CallSlots({ databaseUrl, processName });
  started.push(slots);
  return slots;
}

async function end(slots: CallSlots): Promise<void> {
  started.splice(started.indexOf(slots), 1);
  slots.beforeApplicationShutdown();
  await slots.onApplicationShutdown();
}

/** Calls at Salesforce, of all processes together. */
class Org {
  atOnce = 0;
  most = 0;

  /** A call of some milliseconds. */
  async call(slots: CallSlots, ms: number): Promise<void> {
    const { leave } = await slots.enter(org, 'query');
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await sleep(ms);
    this.atOnce -= 1;
    leave();
  }

  /** Calls without end, so many at a time, until they are told to stop. */
  busy(slots: CallSlots, atOnce: number, ms: number): { calls: number; stop(): Promise<void> } {
    let stopped = false;
    const load = { calls: 0, stop: async () => {
      stopped = true;
      await done;
    } };
    const done = Promise.all(Array.from({ length: atOnce }, async () => {
      for (; !stopped; load.calls += 1) await this.call(slots, ms);
    }));
    return load;
  }
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  database = new Client({ connectionString: environment.adminUrl });
  await database.connect();
});

beforeEach(() => {
  number += 1;
  org = `org${number}.my.salesforce.com`;
});

afterEach(async () => {
  await Promise.all([...started].map(end));
});

afterAll(async () => {
  await database?.end();
  await environment?.stop();
});

it('lets five calls of an org be made at once, however many processes there are, and all of them in the end', async () => {
  const salesforce = new Org();
  const processes = Array.from({ length: 7 }, () => aProcess());
  await Promise.all(processes.flatMap((slots) => Array.from({ length: 12 }, () => salesforce.call(slots, 30))));
  expect(salesforce.most).toBe(5);
});

it('lets calls of another org and of the other kind be made beside', async () => {
  const slots = aProcess();
  const passes = await Promise.all(Array.from({ length: 5 }, () => slots.enter(org, 'query')));
  (await slots.enter(org, 'download')).leave();
  (await slots.enter(`other-${org}`, 'query')).leave();
  for (const { leave } of passes) leave();
});

it('asks the database once for the calls of a run, and not at all for those that follow', async () => {
  const slots = aProcess();
  const asked = vi.spyOn(SqlPool.prototype, 'query');
  const salesforce = new Org();
  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let call = 0; call < 20; call += 1) await salesforce.call(slots, 1);
  }));
  const taken = asked.mock.calls.filter(([query]) => JSON.stringify(query).includes('call_slot')).length;
  asked.mockRestore();
  expect(taken).toBeLessThanOrEqual(2);
});

it('gives slots that are not used back, so that another process finds them at once', async () => {
  const [first, second] = [aProcess(), aProcess()];
  const passes = await Promise.all(Array.from({ length: 5 }, () => first.enter(org, 'query')));
  for (const { leave } of passes) leave();
  await until('all slots to be free', async () => (await database.query('select 1 from ingest.call_slot where org = $1', [org])).rowCount === 0);
  const startedAt = performance.now();
  (await second.enter(org, 'query')).leave();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

it('gives a process that comes later its share, while another is busy without end', async () => {
  const salesforce = new Org();
  const [busy, late] = [aProcess(), aProcess()];
  const load = salesforce.busy(busy, 20, 40);
  await until('all slots to be used', () => salesforce.most === 5);
  const startedAt = performance.now();
  const other = salesforce.busy(late, 20, 40);
  await until('the first call of the other', () => other.calls > 0);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  await sleep(1_500);
  const [ofLoad, ofOther] = [load.calls, other.calls];
  await sleep(2_000);
  expect((other.calls - ofOther) / (load.calls - ofLoad)).toBeGreaterThan(0.4);
  await Promise.all([load.stop(), other.stop()]);
  expect(salesforce.most).toBe(5);
});

it('lets each of more processes than there are slots make its calls, although all are busy without end', async () => {
  const salesforce = new Org();
  const loads = Array.from({ length: 8 }, () => salesforce.busy(aProcess(), 4, 20));
  await until('a call of each process', () => loads.every(({ calls }) => calls > 0), 20_000);
  await Promise.all(loads.map(async ({ stop }) => stop()));
  expect(salesforce.most).toBe(5);
}, 40_000);

it('serves the calls of a process in the order of their coming', async () => {
  const slots = aProcess();
  const passes = await Promise.all(Array.from({ length: 5 }, () => slots.enter(org, 'query')));
  const order: number[] = [];
  const waiting = Array.from({ length: 6 }, async (_, place) => {
    const { leave } = await slots.enter(org, 'query');
    order.push(place);
    leave();
  });
  for (const { leave } of passes) leave();
  await Promise.all(waiting);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
});

it('has the slots of a killed process again when its lease ends, and those of its own earlier start at once', async () => {
  await database.query(`insert into ingest.call_slot (org, kind, slot, holder, process, until) select $1, 'query', slot, 'killed', 'host:4002', now() + interval '2 s' from generate_series(1, 5) slot`, [org]);
  const [restarted, other] = [aProcess('host:4002'), aProcess('host:4003')];
  const startedAt = performance.now();
  const waiting = other.enter(org, 'query').then((pass) => [pass, performance.now() - startedAt] as const);
  const own = await restarted.enter(org, 'query');
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  own.leave();
  const [{ leave }] = await waiting;
  leave();
  await database.query(`update ingest.call_slot set holder = 'killed', process = 'host:4009', until = now() + interval '2 s' where org = $1`, [org]);
  await database.query(`insert into ingest.call_slot (org, kind, slot, holder, process, until) select $1, 'query', slot, 'killed', 'host:4009', now() + interval '2 s' from generate_series(1, 5) slot on conflict do nothing`, [org]);
  const third = aProcess();
  const askedAt = performance.now();
  (await third.enter(org, 'query')).leave();
  expect(performance.now() - askedAt).toBeGreaterThan(1_500);
  expect(performance.now() - askedAt).toBeLessThan(4_000);
});

it('breaks off calls that it cannot renew before others may make them, and makes calls again when the database is back', async () => {
  const direct = new URL(environment.databaseUrl('ingest'));
  const link = await FaultProxy.start(Number(direct.port));
  const through = new URL(direct);
  through.port = String(link.port);
  const [cutOff, other] = [aProcess(undefined, through.href), aProcess()];
  const passes = await Promise.all(Array.from({ length: 5 }, () => cutOff.enter(org, 'query')));
  let open = 5;
  for (const { ended } of passes) ended.addEventListener('abort', () => (open -= 1));
  link.set({ up: { silent: true }, down: { silent: true } });
  const taken: CallPass = await other.enter(org, 'query');
  expect(open).toBe(0);
  expect(passes[0]?.ended.reason).toMatchObject({ code: 'CALL_SLOT_LOST' });
  taken.leave();
  link.set({});
  link.cut();
  const back = await until('calls to be made again', () => cutOff.enter(org, 'query').catch(() => undefined), 20_000);
  back.leave();
  await end(cutOff);
  await link.stop();
}, 60_000);

it('turns away who waits when the process ends', async () => {
  const [holding, ending] = [aProcess(), aProcess()];
  const passes = await Promise.all(Array.from({ length: 5 }, () => holding.enter(org, 'query')));
  const waiting = ending.enter(org, 'query');
  ending.beforeApplicationShutdown();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  for (const { leave } of passes) leave();
});
