import { setTimeout as sleep } from 'node:timers/promises';
import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, FaultProxy, until, type ServiceEnvironment } from '@tributary/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectBus } from './bus-connection.ts';

let environment: ServiceEnvironment;
const links: FaultProxy[] = [];
const connections: NatsConnection[] = [];
const pools: SqlPool[] = [];

async function aLink(port: number): Promise<FaultProxy> {
  const link = await FaultProxy.start(port);
  links.push(link);
  return link;
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await Promise.all(links.map((link) => link.stop()));
  await Promise.all(connections.map((connection) => connection.close()));
  await environment?.stop();
});

/** Seconds until a connection to the broker notices what the faults make of its link; it must then work again over the healed one. */
async function noticed(faults: Parameters<FaultProxy['set']>[0]): Promise<number> {
  const link = await aLink(environment.nats.port);
  const connection = await connectBus({ service: 'ingest', natsUrl: environment.natsUrl('ingest').replace(/:\d+$/, `:${link.port}`) });
  connections.push(connection);
  const seen: string[] = [];
  void (async () => {
    for await (const { type } of connection.status()) seen.push(type);
  })();
  await connection.flush();
  link.set(faults);
  const startedAt = performance.now();
  await until('the link is known to be dead', () => seen.includes('disconnect') || seen.includes('staleConnection'), 25_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  link.set({});
  await until('the connection is there again', () => seen.includes('reconnect'));
  await connection.flush();
  return seconds;
}

it('to the broker are noticed within fifteen seconds, whichever way is dead, and are left for a new one', async () => {
  const seconds = await Promise.all([noticed({ up: { silent: true }, down: { silent: true } }), noticed({ up: { silent: true } }), noticed({ down: { silent: true } })]);
  console.info(`half-open link to NATS noticed after ${seconds.map((each) => each.toFixed(1)).join(', ')} s (both ways, way out, way back)`);
  for (const each of seconds) expect(each).toBeLessThanOrEqual(15.5);
}, 60_000);

/** A pool over a link of its own. */
async function aDatabaseLink(poolMax: number): Promise<{ link: FaultProxy; pool: SqlPool }> {
  const database = new URL(environment.databaseUrl('ingest'));
  const link = await aLink(Number(database.port));
  database.port = String(link.port);
  database.hostname = '127.0.0.1';
  const pool = SqlPool.forService({ schema: 'ingest', url: database.href, poolMax });
  pools.push(pool);
  return { link, pool };
}

it('to the database keep no new work waiting for more than ten seconds, and it goes on when they are mended', async () => {
  const { link, pool } = await aDatabaseLink(2);
  link.set({ up: { silent: true }, down: { silent: true } });
  const startedAt = performance.now();
  await expect(pool.query('select 1')).rejects.toThrow(/timeout/i);
  expect(performance.now() - startedAt).toBeLessThan(11_000);
  link.set({});
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
}, 30_000);

/** Seconds until a statement that is under way when its link dies ends. */
async function endsAfter(statement: string, faults: Parameters<FaultProxy['set']>[0]): Promise<number> {
  const { link, pool } = await aDatabaseLink(2);
  const client = await pool.connect();
  client.on('error', () => undefined);
  const ended = client.query(statement).then(() => undefined, (error: unknown) => error);
  await sleep(200);
  const startedAt = performance.now();
  link.set(faults);
  expect(await ended).toMatchObject({ code: 'ETIMEDOUT', message: 'Connection terminated: the link to the database is dead' });
  const seconds = (performance.now() - startedAt) / 1_000;
  client.release(true);
  link.set({});
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  return seconds;
}

/** A transaction whose connection alone dies while it holds a lock; other connections over the same link go on. @returns seconds until the lock is free */
async function lockFreeAfter(): Promise<number> {
  const { link, pool } = await aDatabaseLink(3);
  await pool.query('create table half_open (id integer primary key)');
  await pool.query('insert into half_open values (1)');
  const startedAt = performance.now();
  const dying = pool.transaction(async (client) => {
    await client.query('select from half_open for update');
    link.set({ down: { limitBytes: 0, times: 1, atLimit: 'silence' } });
    await client.query('select 1');
  });
  await expect(dying).rejects.toThrow('the link to the database is dead');
  await pool.query('select from half_open for update');
  return (performance.now() - startedAt) / 1_000;
}

it('to the database end a statement under way within fifteen seconds and free what it held, and let one that takes long go on while the server is at work', async () => {
  const { pool } = await aDatabaseLink(1);
  const long = pool.query('select pg_sleep(12)');
  const both = { up: { silent: true }, down: { silent: true } };
  const seconds = await Promise.all([endsAfter('select pg_sleep(60)', both), endsAfter('select pg_sleep(60)', { up: { silent: true } }), endsAfter('select pg_sleep(1)', { down: { silent: true } }), lockFreeAfter()]);
  console.info(`statements on half-open links to PostgreSQL ended after ${seconds.map((each) => each.toFixed(1)).join(', ')} s (both ways, way out, way back, one connection alone)`);
  for (const each of seconds) expect(each).toBeLessThanOrEqual(15.5);
  expect((await long).rowCount).toBe(1);
}, 60_000);
