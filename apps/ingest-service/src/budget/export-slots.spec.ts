import { SqlPool } from '@tributary/persistence';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ExportSlots, type ExportOwner } from './export-slots.ts';

let environment: ServiceEnvironment;
let pool: SqlPool;
let number = 0;
let org = '';

/** What another process of the service has. */
function aProcess(): ExportSlots {
  return new ExportSlots(pool);
}

function aWindow(object: string, connectionId = 'connection'): ExportOwner {
  return { org, connectionId, object };
}

async function held(): Promise<number> {
  return (await pool.query('select 1 from call_slot where org = $1 and until > now()', [org])).rows.length;
}

/** Lets so many seconds pass for all slots of the org. */
async function pass(seconds: number): Promise<void> {
  await pool.query(`update call_slot set until = until - $2 * interval '1 s' where org = $1`, [org, seconds]);
}

const never = new AbortController().signal;
const nothing = (): void => undefined;

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

it('lets ten exports of an org be made at once, however many processes there are, and all of them in the end', async () => {
  let [now, most] = [0, 0];
  await Promise.all(Array.from({ length: 5 }, async (_, process) => {
    const slots = aProcess();
    await Promise.all(Array.from({ length: 6 }, async (_none, object) => {
      const window = aWindow(`Object${object}`, `connection${process}`);
      await slots.hold(window, 1, never, nothing);
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 50));
      now -= 1;
      await slots.keep(window, 0);
    }));
  }));
  expect(most).toBeLessThanOrEqual(10);
  // Those who were after the same slot at the same moment try again a little later: how near they come to ten is chance.
  expect(most).toBeGreaterThan(6);
  expect(await held()).toBe(0);
}, 30_000);

it('makes no export ahead while somebody waits for one that is wanted now, and says that it waits', async () => {
  const [first, second] = [aProcess(), aProcess()];
  for (let object = 0; object < 10; object += 1) expect(await first.tryHold(aWindow(`Object${object}`), 1)).toBe(true);
  let waits = 0;
  const waiting = second.hold(aWindow('Wanted'), 1, never, () => (waits += 1));
  await until('it to wait', async () => (await pool.query('select 1 from call_slot_wait where org = $1', [org])).rows.length === 1);
  await pool.query('delete from call_slot where org = $1 and holder = $2', [org, 'connection Object9']);
  expect(await first.tryHold(aWindow('Object0'), 2, true)).toBe(false);
  await waiting;
  expect([waits, await held()]).toEqual([1, 10]);
  await first.keep(aWindow('Object1'), 0);
  expect(await first.tryHold(aWindow('Object0'), 2, true)).toBe(true);
});

it('keeps the slots of a killed process for whoever goes on with its windows, and frees those of which nobody hears any more', async () => {
  const [killed, next, other] = [aProcess(), aProcess(), aProcess()];
  await killed.hold(aWindow('Account'), 2, never, nothing);
  for (let object = 0; object < 8; object += 1) await killed.hold(aWindow(`Object${object}`), 1, never, nothing);
  await pass(60);
  expect(await other.tryHold(aWindow('Contact'), 1)).toBe(false);
  await next.goOn(aWindow('Account'), 2);
  expect(await held()).toBe(10);
  await pass(61);
  expect(await held()).toBe(2);
  await next.renew();
  await pass(60);
  expect(await held()).toBe(2);
  expect(await other.tryHold(aWindow('Contact'), 1)).toBe(true);
  await next.keep(aWindow('Account'), 1);
  await next.keep(aWindow('Account'), 0);
  expect(await held()).toBe(1);
});

it('goes on with an export without waiting, also where its slot is another one\'s by now', async () => {
  const [late, others] = [aProcess(), aProcess()];
  for (let object = 0; object < 10; object += 1) await others.hold(aWindow(`Object${object}`), 1, never, nothing);
  await late.goOn(aWindow('Account'), 1);
  await late.keep(aWindow('Account'), 0);
  expect(await held()).toBe(10);
});

it('renews no slots of a window that is worked on no more', async () => {
  const slots = aProcess();
  await slots.hold(aWindow('Account'), 1, never, nothing);
  slots.leave(aWindow('Account'));
  await pass(119);
  await slots.renew();
  await pass(2);
  expect(await held()).toBe(0);
});

it('stops waiting when the work is stopped', async () => {
  const slots = aProcess();
  await slots.hold(aWindow('Account'), 10, never, nothing);
  const stop = new AbortController();
  const waiting = slots.hold(aWindow('Contact'), 1, stop.signal, () => setTimeout(() => stop.abort(), 50));
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect((await pool.query('select 1 from call_slot_wait where org = $1', [org])).rows).toEqual([]);
});
