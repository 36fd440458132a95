import { connectionSyncs, listSalesforceCalls, listSyncRuns, switchChangeEvents, type ChangeEvents, type SyncRunSummary } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

const hourMs = 60 * 60_000;

let ingest: IngestHarness;

/** The schedule is an hour long: what arrives sooner was woken by an event. */
const variables = (): NodeJS.ProcessEnv => ({ SALESFORCE_PUBSUB_ENDPOINT: events().endpoint, TRIBUTARY_SYNC_INTERVAL_SECONDS: '3600' });

function events() {
  const { changeEvents } = ingest.simulator;
  if (changeEvents === undefined) throw new Error('the simulator was started without change events');
  return changeEvents;
}

async function stream(): Promise<{ state: string; replay_id: Buffer | null; events: string; holes: string; reason: string | null }> {
  const [row] = await ingest.rows<Awaited<ReturnType<typeof stream>>>('select state, replay_id, events, holes, reason from ingest.change_stream');
  if (row === undefined) throw new Error('there is no stream');
  return row;
}

async function runs(): Promise<SyncRunSummary[]> {
  return (await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs;
}

/** Waits until no run is open and nothing waits to be read. */
async function quiet(): Promise<void> {
  await until('rest', async () => {
    const [row] = await ingest.rows<{ busy: boolean }>(
      `select exists (select from ingest.sync_run where status = 'running') or exists (select from ingest.changed_object) or exists (select from ingest.connection where next_sync_at <= now()) as busy`);
    return row?.busy === false;
  }, 30_000);
}

async function live(): Promise<void> {
  await until('a living stream that has a replay id', async () => {
    const { state, replay_id: replayId } = await stream();
    return state === 'live' && replayId !== null && events().subscribers === 1;
  }, 20_000);
  await quiet();
}

async function nameOf(object: string, id: string): Promise<string | undefined> {
  return (await ingest.rows<{ name: string }>(`select name from ${schema}.${object} where id = $1`, [id]))[0]?.name;
}

function someAccount(): string {
  return String(ingest.simulator.org.rows('Account').find((row) => row['IsDeleted'] !== true)?.['Id']);
}

/** Milliseconds until a change at the source is in the warehouse. */
async function arrival(name: string): Promise<number> {
  const id = someAccount();
  const began = performance.now();
  ingest.simulator.org.update('Account', id, { Name: name });
  await until(`${name} in the warehouse`, async () => (await nameOf('account', id)) === name, 20_000);
  return performance.now() - began;
}

/** So many runs read everything: users are told of by no event. */
async function polls(): Promise<number> {
  return Number((await ingest.rows<{ count: string }>(`select count(*) from ingest.sync_run_object where object = 'User'`))[0]?.count);
}

/** What the portal is told. */
async function told(): Promise<ChangeEvents | undefined> {
  return (await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId]?.changeEvents;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small', changeEvents: true });
  ingest.simulator.settings.changeEventKeepAliveMs = 200;
  await ingest.startService(variables());
  await ingest.firstRun();
  expect(await told()).toMatchObject({ state: 'off' });
  await ingest.ask(switchChangeEvents, { connectionId, on: true });
  await live();
});

/** Each case begins as if the hour were new. */
beforeEach(hourLater);

/** Nothing has to wait for its turn any more. */
async function hourLater(): Promise<void> {
  await ingest.rows(`update ingest.sync_run set started_at = started_at - interval '2 hours' where status <> 'running'`);
  await ingest.rows(`update ingest.change_stream set all_due_at = all_due_at - interval '2 hours'`);
  await ingest.rows('update ingest.changed_object set due_at = now()');
}

afterAll(async () => {
  await ingest?.stop();
});

/** So many changes are timed, and printed when asked for. */
const samples = Number(process.env['TRIBUTARY_CHANGE_EVENT_SAMPLES'] ?? '1');

it('brings a change into the warehouse within two seconds while the schedule is an hour long', async () => {
  const took: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    took.push(await arrival(`Told by an event ${sample}`));
    await quiet();
    await hourLater();
  }
  if (samples > 1) console.log(`milliseconds from the change to the row: ${took.toSorted((a, b) => a - b).map(Math.round).join(' ')}`);
  expect(Math.max(...took)).toBeLessThan(2_000);
  await arrival('Told by the last event');
  const [newest] = await runs();
  expect(newest).toMatchObject({ kind: 'incremental' });
  await quiet();
  const objects = await ingest.rows('select object from ingest.sync_run_object o join ingest.sync_run r on r.id = o.run_id where r.started_at > now() - interval \'1 hour\'');
  expect(objects).toEqual([{ object: 'Account' }]);
});

it('lists the stream among the calls, with the events it has brought so far', async () => {
  const listed = async () => (await ingest.ask(listSalesforceCalls, { connectionId, limit: 500, purpose: 'subscribe' })).calls;
  const before = (await listed())[0]?.rows ?? 0;
  await arrival('One more event');
  await until('the event to be counted', async () => ((await listed())[0]?.rows ?? 0) > before);
  expect(await listed()).toMatchObject([{ method: 'GRPC', path: '/eventbus.v1.PubSub/Subscribe', status: 200, countsAgainstLimit: false, object: null, apiUsed: null }]);
  expect((await ingest.ask(listSalesforceCalls, { connectionId, limit: 500, purpose: 'event-schema' })).calls.every(({ path }) => path === '/eventbus.v1.PubSub/GetSchema')).toBe(true);
});

it('does not put off the next poll of everything', async () => {
  const before = await ingest.rows('select next_sync_at from ingest.connection');
  await arrival('Before the poll');
  await quiet();
  expect(await ingest.rows('select next_sync_at from ingest.connection')).toEqual(before);
});

it('lets the more time pass before the next run the more runs events have opened within the hour', async () => {
  await ingest.rows(`update ingest.sync_run set woken = true, started_at = now() where status <> 'running'`);
  const runs = (await ingest.rows('select 1 from ingest.sync_run')).length;
  ingest.simulator.org.update('Account', someAccount(), { Name: 'In good time' });
  await until('the change to be noted', async () => (await ingest.rows('select 1 from ingest.changed_object')).length > 0);
  expect(await ingest.rows('select round(extract(epoch from due_at - changed_at))::int as seconds from ingest.changed_object')).toEqual([{ seconds: Math.min(60, runs - 1) }]);
  await hourLater();
  await quiet();
});

it('reads again what changed while it was being read', async () => {
  await ingest.rows(`create function ingest.be_slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'`);
  await ingest.rows(`create trigger slow before update on ingest.sync_run for each row when (old.status = 'running' and new.status <> 'running') execute function ingest.be_slow()`);
  await arrival('Read once');
  const id = someAccount();
  ingest.simulator.org.update('Account', id, { Name: 'Read again' });
  await until('the change to be noted', async () => (await ingest.rows(`select 1 from ingest.changed_object o join ingest.sync_run r using (connection_id) where r.status = 'running' and o.changed_at > r.started_at`)).length > 0);
  await ingest.rows('drop trigger slow on ingest.sync_run');
  await until('the second reading', async () => (await nameOf('account', id)) === 'Read again');
  await quiet();
});

it('marks a record that was deleted without trace, at once', async () => {
  const id = ingest.simulator.org.insert('Contact', { LastName: 'Short life' });
  await until('the contact', async () => (await ingest.rows(`select 1 from ${schema}.contact where id = $1`, [id])).length === 1);
  await quiet();
  ingest.simulator.org.purge('Contact', id);
  await until('its tombstone', async () => (await ingest.rows<{ gone: boolean }>(`select _deleted as gone from ${schema}.contact where id = $1`, [id]))[0]?.gone === true);
  await quiet();
});

it('stores where to go on, and goes on there after a cut: what happened meanwhile is not lost', async () => {
  const { replay_id: before } = await stream();
  expect(before).not.toBeNull();
  expect(await told()).toMatchObject({ state: 'following', cause: null, reason: null });
  const polled = await polls();
  events().refuseWith('UNAVAILABLE');
  events().cut();
  await until('a pause', async () => (await stream()).state === 'reconnecting');
  const id = someAccount();
  ingest.simulator.org.update('Account', id, { Name: 'While cut' });
  events().refuseWith(undefined);
  await until('the change', async () => (await nameOf('account', id)) === 'While cut', 20_000);
  await live();
  expect((await stream()).replay_id).not.toEqual(before);
  expect(await polls()).toBe(polled);
});

it('goes on where it was after a restart of the service', async () => {
  const polled = await polls();
  await ingest.stopService();
  const id = someAccount();
  ingest.simulator.org.update('Account', id, { Name: 'While stopped' });
  await ingest.startService(variables());
  await until('the change', async () => (await nameOf('account', id)) === 'While stopped', 20_000);
  await live();
  expect(await polls()).toBe(polled);
});

it('asks for a new token when the session ends in the middle of a stream', async () => {
  const rejected = ingest.auth.rejected.length;
  ingest.simulator.clock.advance(3 * hourMs);
  await until('a new token', async () => ingest.auth.rejected.length > rejected);
  await live();
  expect(await arrival('With a new token')).toBeLessThan(5_000);
  await quiet();
});

it('reads an object by Id and stamp after a gap, and whole after an overflow', async () => {
  const { holes } = await stream();
  events().disturbNext('gap');
  await arrival('Told by a gap');
  await quiet();
  events().disturbNext('overflow');
  const id = someAccount();
  ingest.simulator.org.update('Account', id, { Name: 'Told by an overflow' });
  await until('the change', async () => (await nameOf('account', id)) === 'Told by an overflow', 20_000);
  await quiet();
  expect(Number((await stream()).holes)).toBe(Number(holes) + 2);
  const receipts = await ingest.rows<{ parsed: string }>(`select parsed from ${schema}.receipt where object = 'Account' order by committed_at desc limit 2`);
  expect(receipts.map(({ parsed }) => Number(parsed))).toEqual([ingest.simulator.org.count('Account'), ingest.simulator.org.count('Account')]);
});

it.each([
  ['that Salesforce does not know any more', () => Promise.resolve(events().forgetReplayIds())],
  ['older than the 72 hours for which events are kept', () => ingest.rows(`update ingest.change_stream set heard_at = heard_at - interval '72 hours'`)],
])('polls everything and begins anew with a replay id %s', async (_what, lose) => {
  await live();
  const polled = await polls();
  events().refuseWith('UNAVAILABLE');
  events().cut();
  await until('a pause', async () => (await stream()).state === 'reconnecting');
  const id = someAccount();
  events().disturbNext('nothing');
  ingest.simulator.org.update('Account', id, { Name: 'Never told' });
  await lose();
  events().refuseWith(undefined);
  await until('the change', async () => (await nameOf('account', id)) === 'Never told', 20_000);
  expect(await polls()).toBe(polled + 1);
  await live();
  await arrival('Told again');
  await quiet();
});

it('waits an hour when the events of the day are used up, while the schedule polls', async () => {
  ingest.simulator.settings.changeEventsPerDay = 0;
  ingest.simulator.org.update('Account', someAccount(), { Name: 'Beyond the day' });
  await until('the state', async () => (await stream()).state === 'exhausted');
  expect(await told()).toMatchObject({ state: 'fallen-back', cause: 'allocation-used-up', reason: expect.stringContaining('used up') });
  await ingest.nextRun();
  expect(await nameOf('account', someAccount())).toBe('Beyond the day');
  expect(await ingest.rows('select round(extract(epoch from retry_at - now()) / 60)::int between 58 and 60 as soon, replay_id from ingest.change_stream')).toEqual([{ soon: true, replay_id: null }]);
  ingest.simulator.settings.changeEventsPerDay = 25_000;
});

it('remembers an org that offers no change events, and asks again after a day', async () => {
  ingest.simulator.settings.changeEventsAllowed = false;
  await ingest.rows('update ingest.change_stream set retry_at = now()');
  await until('the state', async () => (await stream()).state === 'not-offered');
  expect(await told()).toMatchObject({ state: 'fallen-back', cause: 'not-offered', reason: expect.stringContaining('offer no change events') });
  await quiet();
  const asked = events().calls.length;
  expect(await ingest.rows('select round(extract(epoch from retry_at - now()) / 3600)::int as hours from ingest.change_stream')).toEqual([{ hours: 24 }]);
  await ingest.nextRun();
  expect(events().calls.length).toBe(asked);
  ingest.simulator.settings.changeEventsAllowed = true;
  await ingest.rows('update ingest.change_stream set retry_at = now()');
  await live();
});

it('reads the new schema of an object whose fields changed', async () => {
  const before = events().calls.filter((call) => call === 'GetSchema').length;
  ingest.simulator.org.addField('Account', { name: 'Grade__c', type: 'string' });
  await arrival('With a new field');
  await quiet();
  expect(events().calls.filter((call) => call === 'GetSchema').length).toBe(before + 1);
  expect(await ingest.differences('Account')).toEqual([]);
});

/** So many random histories; more when asked. */
const histories = Number(process.env['TRIBUTARY_CHANGE_EVENT_SEEDS'] ?? '2');

it.each(Array.from({ length: histories }, (_, seed) => seed + 1))('equals the source after events that are lost, doubled, out of order, without data or cut off (history %i)', async (seed) => {
  await live();
  const { org } = ingest.simulator;
  const random = randomNumbers(seed);
  for (let step = 0; step < 25; step += 1) {
    const object = random() < 0.5 ? 'Account' : 'Contact';
    const ids = org.rows(object).filter((row) => row['IsDeleted'] !== true).map((row) => String(row['Id']));
    const id = ids[Math.floor(random() * ids.length)] ?? '';
    const disturbance = random();
    if (disturbance < 0.15) events().disturbNext('gap');
    else if (disturbance < 0.25) events().disturbNext('overflow');
    else if (disturbance < 0.35) events().cut();
    else if (disturbance < 0.4) events().forgetReplayIds();
    // Told again although it is long past, and of a record that may be gone.
    else if (disturbance < 0.6) events().publishGap(object, random() < 0.5 ? 'GAP_DELETE' : 'GAP_CREATE', [id]);
    const what = random();
    if (what < 0.6) org.update(object, id, object === 'Account' ? { Name: `History ${seed} ${step}` } : { LastName: `History ${seed} ${step}` });
    else if (what < 0.8) org.insert(object, object === 'Account' ? { Name: `New ${seed} ${step}` } : { LastName: `New ${seed} ${step}` });
    else if (object === 'Contact') org.delete(object, id);
  }
  await hourLater();
  await live();
  await until('the warehouse to equal the source', async () => [...(await ingest.differences('Account')), ...(await ingest.differences('Contact'))].length === 0, 20_000);
  await quiet();
  expect([...(await ingest.differences('Account')), ...(await ingest.differences('Contact'))]).toEqual([]);
});

it('follows nothing while the connection is paused', async () => {
  ingest.auth.publishPaused(connectionId, true);
  await until('the end of the stream', async () => events().subscribers === 0);
  expect(await told()).toMatchObject({ state: 'fallen-back', cause: 'paused' });
  ingest.auth.publishPaused(connectionId, false);
  await live();
});

it('speaks to nobody and works as ever with the switch off', async () => {
  expect(await ingest.ask(switchChangeEvents, { connectionId, on: false })).toMatchObject({ state: 'off' });
  await until('no subscriber', async () => events().subscribers === 0);
  const asked = events().calls.length;
  const id = someAccount();
  ingest.simulator.org.update('Account', id, { Name: 'Polled' });
  const run = await ingest.nextRun();
  expect(run).toMatchObject({ status: 'complete' });
  expect(await nameOf('account', id)).toBe('Polled');
  expect(events().calls.length).toBe(asked);
});

/** Park and Miller's generator: the same seed, the same history. */
function randomNumbers(seed: number): () => number {
  let state = seed * 7_919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
