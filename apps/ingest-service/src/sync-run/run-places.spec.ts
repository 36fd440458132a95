import { randomUUID } from 'node:crypto';
import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { nextRun, usualPlaces, type RunAtWork } from '../schedule/fair-share.ts';
import { claimRun, leaseMs, releaseLease } from './run-lease.ts';

let environment: ServiceEnvironment;
let pool: SqlPool;

/** What another process of the service has: some runs at work, all of other orgs. */
class Process {
  readonly pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 2 });
  readonly identity = { name: randomUUID(), boot: randomUUID() };

  constructor(private readonly atWork: readonly RunAtWork[]) {}

  async claim() {
    return claimRun(this.pool, this.identity, (waiting, elsewhere) => nextRun(waiting, this.atWork, elsewhere));
  }
}

/** Opens a run of a connection of its own. @param secondsAgo when it was opened */
async function anOpenRun(org: string, kind: 'first' | 'incremental', secondsAgo: number): Promise<void> {
  const [connection, run] = [randomUUID(), randomUUID()];
  await pool.query(`insert into connection (id, org_id, warehouse_schema) values ($1, $2, $3)`, [connection, org, `c_${connection}`]);
  await pool.query(`insert into sync_run (id, connection_id, kind, correlation_id, started_at) values ($1, $2, $3, $1, now() - $4 * interval '1 s')`, [run, connection, kind, secondsAgo]);
}

async function atWork(org: string): Promise<number> {
  return (await pool.query('select 1 from sync_run r join connection c on c.id = r.connection_id where c.org_id = $1 and lease_until > now()', [org])).rows.length;
}

async function endRuns(): Promise<void> {
  await pool.query(`update sync_run set status = 'complete', lease_until = null`);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 2 });
});

afterEach(endRuns);

afterAll(async () => {
  await pool?.end();
  await environment?.stop();
});

it('begins at most three runs of an org at a time, also when processes that choose different ones look at the same moment', async () => {
  // Half of them have no place for a first run: they choose the update, which has waited less long.
  const busy = Array.from({ length: usualPlaces.long }, (): RunAtWork => ({ workspace: 'other', org: 'other', kind: 'first', workedMs: 0 }));
  const processes = Array.from({ length: 6 }, (_, number) => new Process(number % 2 === 0 ? [] : busy));
  await Promise.all(processes.map(async ({ pool: own }) => own.query('select 1')));
  for (let round = 0; round < 20; round += 1) {
    const org = `00D${String(round).padStart(12, '0')}EAA`;
    for (const [kind, secondsAgo] of [['first', 40], ['incremental', 30], ['first', 20], ['incremental', 10]] as const) await anOpenRun(org, kind, secondsAgo);
    const [first, second] = [await processes[0]?.claim(), await processes[1]?.claim()];
    expect([first, second].map((run) => run?.org)).toEqual([org, org]);
    const raced = await Promise.all(processes.map(async (one) => one.claim()));
    expect(raced.filter((run) => run !== undefined)).toHaveLength(1);
    expect(await atWork(org)).toBe(3);
    // The place of one that is given back is free again.
    if (first !== undefined) await releaseLease(pool, first);
    expect(await processes[0]?.claim()).toMatchObject({ org });
    await endRuns();
  }
  await Promise.all(processes.map(async ({ pool: own }) => own.end()));
});

it('counts neither a run that a silent worker left nor those of an earlier start of the same process', async () => {
  const org = '00D000000000099EAA';
  for (let number = 0; number < 4; number += 1) await anOpenRun(org, 'incremental', 40 - number);
  const started = new Process([]);
  await pool.query(`update sync_run set lease_name = $1, lease_boot = gen_random_uuid(), lease_until = now() + $2 * interval '1 ms' where status = 'running'`, [started.identity.name, leaseMs]);
  expect([await started.claim(), await started.claim(), await started.claim()].map((run) => run?.org)).toEqual([org, org, org]);
  expect(await started.claim()).toBeUndefined();
  const other = new Process([]);
  expect(await other.claim()).toBeUndefined();
  await pool.query(`update sync_run set lease_until = now() - interval '1 s' where status = 'running'`);
  expect(await other.claim()).toMatchObject({ org });
  await Promise.all([started.pool.end(), other.pool.end()]);
});
