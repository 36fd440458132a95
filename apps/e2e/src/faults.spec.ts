import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionId, eventStream, ReceiptId, SyncRunId, windowCommitted } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aProduct } from './harness/a-product.ts';
import { ApiClient } from './harness/api-client.ts';
import { askBroker, publish } from './harness/bus.ts';
import { sql } from './harness/database.ts';
import { cents, living, openDeals, sum } from './harness/golden.ts';
import { killPart, megabytesOf, runStateOf, signalPart } from './harness/product.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

// What kills processes has a product of its own, so that the other files can run beside it.
const own = await aProduct();
const { url, postgresUrl, dataDir } = own;
const simulator = new SimulatorControl(own.simulatorOrigin);

interface Sync {
  readonly openRun: { readonly id: string } | null;
  readonly lastRun: { readonly status: string; readonly reasons: readonly unknown[] } | null;
}

interface ConsumerState {
  readonly num_pending: number;
  readonly num_ack_pending: number;
  readonly delivered: { readonly consumer_seq: number };
  readonly config: { readonly max_ack_pending: number };
}

/** Every case is somebody else, whose first sync is really the first. */
let person = 0;

interface Connected {
  readonly client: ApiClient;
  readonly id: string;
}

async function connectSomebody(): Promise<Connected> {
  const { users } = await simulator.facts();
  person += 1;
  const client = new ApiClient(url);
  return { client, id: await until('the consent', () => client.signIn(simulator, users[person]?.username), 60_000) };
}

const syncOf = async ({ client, id }: Connected): Promise<Sync | null> => (await client.read<{ sync: Sync | null }>(`/api/connections/${id}`)).sync;

/** Waits until the first sync has begun to copy, and holds only while it has not ended. */
async function underWay(connected: Connected): Promise<void> {
  await until('the first sync is under way', async () => {
    const run = (await syncOf(connected))?.openRun;
    if (run === null || run === undefined) return false;
    const { objects } = await connected.client.read<{ objects: { status: string }[] }>(`/api/connections/${connected.id}/sync-runs/${run.id}`);
    return objects.some(({ status }) => status !== 'waiting') && objects.some(({ status }) => status === 'waiting' || status === 'extracting');
  }, 60_000);
}

async function killAndAwait(part: string): Promise<void> {
  const pid = killPart(dataDir, part);
  await until(`${part} runs again`, () => { const now = runStateOf(dataDir).processes[part]?.pid; return now !== undefined && now !== pid; }, 60_000);
}

async function firstSyncComplete(connected: Connected): Promise<void> {
  const run = await until('the sync ended', async () => {
    const { runs } = await connected.client.read<{ runs: { kind: string; status: string; reasons: unknown[] }[] }>(`/api/connections/${connected.id}/sync-runs?limit=50`);
    return runs.find(({ kind, status }) => kind === 'first' && status !== 'running');
  }, 150_000);
  expect(run).toMatchObject({ status: 'complete', reasons: [] });
}

/** A connection that goes on syncing would take the machine from the cases after it. */
async function disconnect({ client, id }: Connected): Promise<void> {
  const { status, text } = await client.ask('DELETE', `/api/connections/${id}?data=keep`);
  if (status !== 200) throw new Error(`disconnecting answered ${status}: ${text}`);
}

/** Rows of every object, counted in the warehouse and at the source; none twice; amounts equal. */
async function expectWholeCopy({ client, id }: Connected): Promise<void> {
  const { warehouseSchema: schema } = await client.read<{ warehouseSchema: string }>(`/api/connections/${id}`);
  const counts = await simulator.counts();
  const objects = await sql<{ object: string; table_name: string; status: string }>(postgresUrl, `select object, table_name, status from ${schema}.sync_object`);
  expect(objects.length).toBeGreaterThan(10);
  const stored = await Promise.all(objects.map(async ({ object, table_name: table }) => [object, ...Object.values((await sql<{ all: number; different: number }>(postgresUrl, `select count(*)::int as all, count(distinct id)::int as different from ${schema}.${table}`))[0] ?? {})]));
  expect(stored.toSorted()).toEqual(objects.map(({ object }) => [object, counts[object], counts[object]]).toSorted());
  const [{ total } = { total: '' }] = await sql<{ total: string }>(postgresUrl, `select sum(amount)::text as total from ${schema}.opportunity where not _deleted`);
  expect(cents(Number(total))).toBe(sum(living(await simulator.rows('Opportunity'))));
}

/** The figures of analytics catch up with the source. */
async function expectFigures({ client, id }: Connected): Promise<void> {
  const expected = sum(openDeals(await simulator.rows('Opportunity')));
  await until('the figures equal the source', async () => cents((await client.query(id, { metrics: ['pipeline.open_amount'] })).rows[0]?.['pipeline.open_amount']) === expected, 60_000);
}

beforeAll(async () => {
  await simulator.setMoving(null);
});

afterAll(async () => {
  await own.stop();
});

describe('kill -9 during a first sync', { timeout: 240_000 }, () => {
  it.each([['of each service', ['ingest-service', 'auth-service', 'gateway', 'analytics-service']], ['of what they stand on', ['nats', 'postgresql']]])('%s, one after the other: the copy ends complete, every count equal, nothing doubled', async (_name, parts) => {
    // Jobs that take so long at Salesforce that every part has died before the copy is done.
    await simulator.settings({ bulkRunMs: 10_000 });
    const connected = await connectSomebody();
    for (const part of parts) {
      await underWay(connected);
      await killAndAwait(part);
    }
    await simulator.settings({ bulkRunMs: 200 });
    await firstSyncComplete(connected);
    await expectWholeCopy(connected);
    await expectFigures(connected);
    await disconnect(connected);
  });
});

describe('what can be made again', { timeout: 180_000 }, () => {
  let connected: Connected;

  async function aChangeArrives(): Promise<void> {
    const [deal] = openDeals(await simulator.rows('Opportunity'));
    await simulator.update('Opportunity', String(deal?.['Id']), { Amount: Number(deal?.['Amount'] ?? 0) + 1_111 });
    await expectFigures(connected);
  }

  beforeAll(async () => {
    connected = await connectSomebody();
    await firstSyncComplete(connected);
    await expectFigures(connected);
  }, 180_000);

  it('may be deleted while it is used: the store of the broker', async () => {
    // The broker goes on writing into the folder while it is emptied.
    await rm(join(dataDir, 'nats', 'jetstream'), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    await aChangeArrives();
    await killAndAwait('nats');
    await aChangeArrives();
    await expectWholeCopy(connected);
  });

  it('may be deleted while it is used: the files of the analyses', async () => {
    const folder = join(dataDir, 'analytics');
    const files = (await readdir(folder)).filter((name) => name.startsWith(connected.id) && name.includes('.duckdb'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) await rm(join(folder, file), { force: true });
    await aChangeArrives();
    killPart(dataDir, 'analytics-service');
    await aChangeArrives();
  });

  it('waits for a whole service that stands still: the broker holds back, nothing grows, nothing is lost or doubled', async () => {
    const events = 400;
    const consumer = () => askBroker<ConsumerState>(dataDir, `$JS.API.CONSUMER.INFO.${eventStream}.analytics_ingest`);
    const idle = async () => until('the consumer has nothing to do', async () => { const now = await consumer(); return now.num_pending + now.num_ack_pending === 0 ? now : undefined; }, 60_000);
    const committed = () => windowCommitted.create({
      connectionId: ConnectionId.parse(connected.id), runId: SyncRunId.parse(randomUUID()), object: 'Opportunity', receiptId: ReceiptId.parse(randomUUID()), fromVersion: '1', toVersion: '1', rows: 0, tombstones: 0, settledUntil: null, complete: true,
    });
    const tell = (count: number) => publish(dataDir, 'ingest', Array.from({ length: count }, committed).map((event) => ({ subject: windowCommitted.subject(ConnectionId.parse(connected.id)), payload: JSON.stringify(event) })));
    // It has just asked for more when it stands still: what comes then is given to it.
    await tell(20);
    const before = await idle();
    const broker = runStateOf(dataDir).processes['nats']?.pid ?? 0;
    const pid = signalPart(dataDir, 'analytics-service', 'SIGSTOP');
    const memory = () => ({ broker: megabytesOf(broker), service: megabytesOf(pid) });
    const atFirst = memory();
    await tell(events);
    const [deal] = openDeals(await simulator.rows('Opportunity'));
    await simulator.update('Opportunity', String(deal?.['Id']), { Amount: Number(deal?.['Amount'] ?? 0) + 2_222 });
    // Longer than the broker waits for a handler: it gives again what it gave, to nobody.
    await sleep(35_000);
    const held = await consumer();
    expect(held.num_ack_pending).toBeGreaterThan(0);
    expect(held.num_ack_pending).toBeLessThanOrEqual(held.config.max_ack_pending);
    expect(held.num_pending + held.num_ack_pending).toBeGreaterThanOrEqual(events);
    const grown = { broker: memory().broker - atFirst.broker, service: memory().service - atFirst.service };
    expect(grown.broker).toBeLessThan(64);
    expect(grown.service).toBeLessThanOrEqual(1);
    signalPart(dataDir, 'analytics-service', 'SIGCONT');
    expect(runStateOf(dataDir).processes['analytics-service']?.pid).toBe(pid);
    const after = await idle();
    await expectFigures(connected);
    console.info(`stood still for 35 s: ${held.num_ack_pending} given and ${held.num_pending} held back; grown by ${grown.broker.toFixed(1)} MB (broker), ${grown.service.toFixed(1)} MB (service)`);
    // Those it was given before come again.
    expect(after.delivered.consumer_seq - before.delivered.consumer_seq).toBeGreaterThanOrEqual(events + held.num_ack_pending);
    expect(await sql(postgresUrl, 'select code from analytics.dead_letter')).toEqual([]);
  });

  it('keeps a message that breaks its contract as a dead letter, and goes on', async () => {
    const letters = async (): Promise<number> => Number((await sql<{ count: string }>(postgresUrl, 'select count(*) from ingest.dead_letter'))[0]?.count);
    const before = await letters();
    await publish(dataDir, 'auth', [{ subject: `tributary.auth.token.ready.v1.${connected.id}`, payload: JSON.stringify({ nothing: 'of what was agreed' }) }]);
    await until('the dead letter', async () => (await letters()) > before, 30_000);
    await aChangeArrives();
  });
});
