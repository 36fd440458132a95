import { randomUUID } from 'node:crypto';
import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CallBudget } from './call-budget.ts';
import { OrgBudget } from './org-budget.ts';
import { RunCalls } from './run-calls.ts';

let environment: ServiceEnvironment;
let pool: SqlPool;

/** Budget for one run, or for a request of a person, of an org that allows 1,000 calls. */
async function aBudget(runShare: number, runId?: string): Promise<CallBudget> {
  const org = new OrgBudget(`${randomUUID()}.my.salesforce.com`, 0.8, pool);
  org.told({ used: 0, limit: 1_000 }, await org.made());
  return new CallBudget(org, new RunCalls(pool, runId), { rules: { totalShare: 0.8, runShare }, isRun: runId !== undefined, onUsage: () => undefined });
}

async function aRun(): Promise<string> {
  const [connection, run] = [randomUUID(), randomUUID()];
  await pool.query(`insert into connection (id, warehouse_schema) values ($1, 'c')`, [connection]);
  await pool.query(`insert into sync_run (id, connection_id, kind, correlation_id) values ($1, $2, 'first', $1)`, [run, connection]);
  return run;
}

async function counted(runId: string): Promise<number | undefined> {
  return (await pool.query<{ calls: number }>('select calls from run_calls where run_id = $1', [runId])).rows[0]?.calls;
}

/** Makes calls until one is refused. @returns how many, and why no more */
async function spend(budget: CallBudget, most = Infinity): Promise<[number, string | undefined]> {
  for (let made = 0; ; made += 1) {
    if (made === most) return [made, undefined];
    try {
      budget.ended(await budget.take(false), undefined);
    } catch (error) {
      return [made, error instanceof Error ? error.message : String(error)];
    }
  }
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 4 });
});

afterAll(async () => {
  await pool?.end();
  await environment?.stop();
});

it('tells a person that their request has had its share, and a run that it has', async () => {
  expect(await spend(await aBudget(0.01))).toEqual([10, 'This request has made the 10 API calls one request may make.']);
  expect(await spend(await aBudget(0.01, await aRun()))).toEqual([10, 'This run has made the 10 API calls one run may make.']);
});

it('goes on counting where another process left a run, which gave back what it had counted and not made', async () => {
  const run = await aRun();
  const first = await aBudget(0.25, run);
  await spend(first, 7);
  expect(await counted(run)).toBeGreaterThanOrEqual(7);
  await first.end();
  expect(await counted(run)).toBe(7);
  // One that was killed gives nothing back: at most a fiftieth of the share is lost.
  await spend(await aBudget(0.25, run), 1);
  const [made, why] = await spend(await aBudget(0.25, run));
  expect(why).toBe('This run has made the 250 API calls one run may make.');
  expect(7 + 1 + made).toBeLessThanOrEqual(250);
  expect(7 + 1 + made).toBeGreaterThanOrEqual(245);
});

it('lets what is tidied up be made in any case, and counts it', async () => {
  const run = await aRun();
  const budget = await aBudget(0.01, run);
  await spend(budget);
  budget.ended(await budget.take(true), undefined);
  await budget.end();
  expect(await counted(run)).toBe(11);
});

it('makes no call for a run that is no more', async () => {
  await expect((await aBudget(0.25, randomUUID())).take(false)).rejects.toMatchObject({ code: 'RUN_LEASE_LOST' });
});
