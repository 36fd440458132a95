import { setTimeout as sleep } from 'node:timers/promises';
import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { OrgBudget } from './org-budget.ts';

let environment: ServiceEnvironment;
let pool: SqlPool;
let number = 0;
let org = '';

/** Calls as Salesforce counts them. */
class Org {
  used = 0;
  most = 0;
  limit = 1_000;

  constructor(private readonly tells: boolean) {}

  /** One call, unless there is no room. It is counted somewhere on its way. */
  async call(budget: OrgBudget, ms = 0): Promise<boolean> {
    const counted = await budget.take();
    if (counted === undefined) return false;
    await sleep(Math.random() * ms);
    this.used += 1;
    this.most = Math.max(this.most, this.used);
    const told = { used: this.used, limit: this.limit };
    await sleep(Math.random() * ms);
    budget.ended(counted, this.tells ? told : undefined);
    return true;
  }

  /** The usage is asked for, which is no call itself here. */
  async tell(budget: OrgBudget): Promise<void> {
    budget.told({ used: this.used, limit: this.limit }, await budget.made());
  }

  /** Calls without end, so many at a time, until there is no room. */
  async spend(budget: OrgBudget, atOnce: number, ms = 10): Promise<void> {
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (await this.call(budget, ms));
    }));
  }
}

/** What another process has. */
function aProcess(totalShare = 0.8): OrgBudget {
  return new OrgBudget(org, totalShare, pool);
}

/** A process that has done nothing for a while. */
async function rest(budget: OrgBudget): Promise<void> {
  await budget.look(performance.now() + 10_000);
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  pool = SqlPool.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), poolMax: 8 });
});

beforeEach(() => {
  number += 1;
  org = `org${number}.my.salesforce.com`;
});

afterAll(async () => {
  await pool?.end();
  await environment?.stop();
});

it.each([['answers tell what is used', true], ['nothing but the limits tells it', false]])('lets all processes together make as many calls as the ceiling allows, where %s', async (_where, tells) => {
  const salesforce = new Org(tells);
  salesforce.used = 200;
  const processes = Array.from({ length: 4 }, () => aProcess());
  for (const budget of processes) await salesforce.tell(budget);
  await Promise.all(processes.map(async (budget) => salesforce.spend(budget, 5)));
  expect(salesforce.most).toBeLessThanOrEqual(800);
  // What was reserved and not used is the others' to use.
  for (const budget of processes) await rest(budget);
  for (const budget of processes) await salesforce.tell(budget);
  for (const budget of processes) await salesforce.spend(budget, 1, 0);
  expect(salesforce.most).toBe(800);
});

it('asks the database once for twenty calls', async () => {
  const salesforce = new Org(true);
  const budget = aProcess();
  const asked = vi.spyOn(SqlPool.prototype, 'query');
  await salesforce.call(budget);
  for (let call = 0; call < 60; call += 1) await salesforce.call(budget);
  await rest(budget);
  const statements = asked.mock.calls.filter(([query]) => JSON.stringify(query).includes('org_usage')).length;
  asked.mockRestore();
  // Reading what is known, a batch of twenty before anything is known, and from then on one of twenty after the other; giving back.
  expect(statements).toBeLessThanOrEqual(7);
});

it('counts what a killed process had reserved as used, until Salesforce tells what it has counted since', async () => {
  const salesforce = new Org(false);
  const [killed, other] = [aProcess(), aProcess()];
  await salesforce.tell(killed);
  await salesforce.call(killed);
  await salesforce.call(other);
  // The twenty of the killed one, of which it made one.
  expect(other.usage?.used).toBe(20 + 1);
  await pool.query(`update org_usage set version = version + 1, reserved = (select jsonb_object_agg(key, value || '{"untilMs": 0}') from jsonb_each(reserved)) where org = $1`, [org]);
  await rest(other);
  expect(other.usage?.used).toBe(20 + 1);
  await salesforce.tell(other);
  await salesforce.call(other);
  expect([salesforce.used, other.usage?.used]).toEqual([3, 3]);
});

it('grants calls anew when Salesforce tells of more calls than are known: those of other tools', async () => {
  const salesforce = new Org(true);
  const [first, second] = [aProcess(), aProcess()];
  for (const budget of [first, second]) await salesforce.call(budget);
  salesforce.used += 780;
  expect(await salesforce.call(first)).toBe(true);
  await Promise.all([salesforce.spend(first, 3), salesforce.spend(second, 3)]);
  expect(salesforce.most).toBeLessThanOrEqual(800);
});

it('keeps each connection under the ceiling of its own, also in one process', async () => {
  const salesforce = new Org(false);
  const [half, most] = [aProcess(0.5), aProcess()];
  await salesforce.tell(half);
  await salesforce.spend(half, 3, 0);
  expect(salesforce.used).toBe(500);
  await salesforce.spend(most, 3, 0);
  expect(salesforce.used).toBe(800);
  expect(await salesforce.call(half)).toBe(false);
});

it('takes a usage that fell as it is told, once it was asked for after the calls before had ended', async () => {
  const salesforce = new Org(true);
  const budget = aProcess();
  salesforce.used = 790;
  await salesforce.tell(budget);
  await salesforce.spend(budget, 1, 0);
  expect(salesforce.used).toBe(800);
  // A day has passed for some.
  salesforce.used = 300;
  const counted = budget.beside();
  budget.ended(counted, { used: (salesforce.used += 1), limit: 1_000 });
  expect(budget.usage?.used).toBe(301);
  expect(await salesforce.call(budget)).toBe(true);
});
