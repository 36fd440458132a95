import { getConnection } from '@tributary/api-contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approveElsewhere } from '../spec-support/approve-elsewhere.harness.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { RefreshLease } from './refresh-lease.ts';
import { UpkeepScheduler } from './upkeep.scheduler.ts';
import { Upkeep } from './upkeep.ts';

let harness: AuthHarness;
let person: ConnectedPerson;
let epoch: number;

beforeAll(async () => {
  harness = await AuthHarness.start();
  // Every round is made by hand: what a round does is what is looked at.
  await harness.auth.app.get(UpkeepScheduler).beforeApplicationShutdown();
});

afterAll(() => harness?.stop());

beforeEach(async () => {
  person = await harness.connect();
  ({ epoch } = await harness.ingest.lease(person));
  harness.simulator.log.clear();
});

afterEach(() => {
  harness.simulator.faults.clear();
  Object.assign(harness.simulator.settings, { rotation: true, userIpBlocked: false });
});

const round = () => harness.auth.app.get(Upkeep).execute();
const shown = () => harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const sql = (text: string) => harness.auth.pool.query(text, [person.connectionId]);
const grant = (assignments: string) => sql(`update oauth_grant set ${assignments} where connection_id = $1 and state = 'live'`);
const silent = () => harness.simulator.faults.add({ match: { grant: 'refresh_token' }, answer: { status: 503, body: '' } });
/** As if the trouble had begun that long ago and the next look were due. */
const sinceThen = (long: string) => sql(`update connection set attention_since = attention_since - interval '${long}', next_check_at = now() where id = $1`);

describe('a sign-in that does not answer', () => {
  beforeEach(async () => {
    silent();
    await grant("refreshed_at = now() - interval '8 days'");
    await round();
    expect(await shown()).toMatchObject({ state: 'degraded', attention: { cause: 'as-unavailable', who: 'nobody' } });
  });

  it('is waited for during a day', async () => {
    await sinceThen('23 hours 50 minutes');
    await round();
    expect(await shown()).toMatchObject({ state: 'degraded', attention: { cause: 'as-unavailable', who: 'nobody' } });
  });

  it('calls for an administrator after a day, and the connection still comes back by itself', async () => {
    await sinceThen('24 hours 1 minute');
    await round();
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'degraded-too-long', who: 'admin' } });
    await sinceThen('1 hour');
    await round();
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'degraded-too-long' } });
    harness.simulator.faults.clear();
    await sinceThen('1 hour');
    await round();
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
  });
});

describe('an org that does not let us in', () => {
  beforeEach(async () => {
    harness.simulator.settings.userIpBlocked = true;
    await grant("refreshed_at = now() - interval '8 days'");
    await round();
    expect(await shown()).toMatchObject({ state: 'held', attention: { cause: 'user-ip-blocked', who: 'admin' } });
  });

  it('is asked again every hour during 14 days', async () => {
    await sinceThen('13 days 23 hours');
    await round();
    expect(await shown()).toMatchObject({ state: 'held', attention: { cause: 'user-ip-blocked' } });
    const { rows } = await sql("select next_check_at between now() + interval '59 minutes' and now() + interval '61 minutes' as hourly from connection where id = $1");
    expect(rows).toEqual([{ hourly: true }]);
  });

  it('is the administrator\'s after 14 days', async () => {
    await sinceThen('14 days 1 minute');
    await round();
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'held-too-long', who: 'admin' } });
    await sinceThen('1 hour');
    await round();
    expect(await shown()).toMatchObject({ state: 'needs_admin', attention: { cause: 'held-too-long' } });
  });
});

describe('a connection that waits for its next look', () => {
  it.each(['held', 'needs_admin', 'refresh_uncertain'])('in state %s keeps waiting for one when the app is refused meanwhile, and comes back', async (state) => {
    await sql(`update connection set state = '${state}', attention_cause = 'user-ip-blocked', attention_who = 'admin', attention_text = 'x', attention_since = now(), next_check_at = now() where id = $1`);
    harness.simulator.faults.add({ match: { grant: 'refresh_token', times: 1 }, answer: { status: 400, body: '{"error":"invalid_client","error_description":"invalid client credentials"}' } });
    await round();
    expect([refreshesOf(harness.simulator), (await shown()).state]).toEqual([[400], state]);
    await harness.auth.pool.query("update refresh_stop set until = now() - interval '1 second'");
    await sql("update connection set next_check_at = next_check_at - interval '1 hour' where id = $1");
    await round();
    expect(await shown()).toMatchObject({ state: 'active', attention: null });
  });
});

describe('an idle grant', () => {
  it.each([
    ['is left alone before the sixth day', '5 days 23 hours', 'active', []],
    ['is kept alive by the seventh', '7 days 1 minute', 'active', [200]],
    ['is kept alive while its person has paused the connection', '7 days 1 minute', 'paused', [200]],
    ['is given up while a new consent is needed', '7 days 1 minute', 'needs_reconsent', []],
    ['is given up while the connection is disconnected', '7 days 1 minute', 'disconnected', []],
  ])('%s', async (_what, idle, state, refreshes) => {
    await grant(`refreshed_at = now() - interval '${idle}'`);
    await sql(`update connection set state = '${state}'${state === 'paused' ? ', paused_at = now()' : ''} where id = $1`);
    await round();
    expect([refreshesOf(harness.simulator), (await shown()).state]).toEqual([refreshes, state]);
    await sql("update connection set state = 'active', paused_at = null where id = $1");
  });
});

describe('an access token that is about to end', () => {
  const twoHours = 7_200_000;

  it.each([
    ['is renewed at three quarters of its life where refreshing costs nothing', 'active', false, 100, [200]],
    ['is not renewed earlier', 'active', false, 80, []],
    ['is not renewed where tokens rotate', 'active', true, 100, []],
    ['is not renewed where that was not seen yet', 'active', null, 100, []],
    ['is not renewed while paused', 'paused', false, 100, []],
  ])('%s', async (_what, state, rotates, ageMinutes, refreshes) => {
    harness.simulator.settings.rotation = rotates !== false;
    await grant(`rotates = ${rotates}, shortest_life_ms = ${twoHours}, refreshed_at = now() - interval '${ageMinutes} minutes'`);
    await sql(`update connection set state = '${state}' where id = $1`);
    await round();
    expect(refreshesOf(harness.simulator)).toEqual(refreshes);
    await sql("update connection set state = 'active' where id = $1");
  });
});

describe('many at once', () => {
  it('are looked after ten in a round; the next round takes the rest', async () => {
    const people = [person];
    for (let user = 1; user < 12; user += 1) people.push(await harness.connect(user));
    await harness.auth.pool.query("update oauth_grant set refreshed_at = now() - interval '8 days' where state = 'live'");
    harness.simulator.log.clear();
    await round();
    expect(refreshesOf(harness.simulator)).toHaveLength(10);
    await round();
    expect(refreshesOf(harness.simulator)).toHaveLength(12);
  });

  it('are not kept alive all at the same moment: their turns are spread over the seventh day', async () => {
    const due: number[] = [];
    for (const hours of [4, 9, 15, 20]) {
      await harness.auth.pool.query(`update oauth_grant set refreshed_at = now() - interval '6 days ${hours} hours' where state = 'live'`);
      harness.simulator.log.clear();
      await round();
      await round();
      due.push(refreshesOf(harness.simulator).length);
    }
    expect(due.toSorted((a, b) => a - b)).toEqual(due);
    expect(new Set(due).size).toBeGreaterThan(1);
    expect(due.at(-1)).toBeLessThanOrEqual(12);
  });

  it('are ten under way in the whole installation; the eleventh waits for a place', async () => {
    const lease = harness.auth.app.get(RefreshLease);
    const situation = await lease.situationOf(person.connectionId);
    const { rowCount: places } = await harness.auth.pool.query("update refresh_slot set owner = 'elsewhere/1', until = now() + interval '30 seconds'");
    expect(places).toBe(10);
    expect(await lease.claim(situation, 'claim', 'x')).toBe('crowded');
    await harness.auth.pool.query('update refresh_slot set until = now() where slot = 10');
    const claimed = await lease.claim(situation, 'claim', 'x');
    expect(claimed).toEqual({ slot: 10 });
    expect((await sql("select intent_epoch = epoch as noted from oauth_grant where connection_id = $1 and state = 'live'")).rows).toEqual([{ noted: true }]);
    await harness.auth.pool.query('update refresh_slot set owner = null, until = null');
    await grant('lease_owner = null, lease_until = null, intent_epoch = null, intent_at = null');
    await sql("update connection set state = 'active' where id = $1");
  });
});

describe('five further approvals of the same person elsewhere', () => {
  const approve = () => approveElsewhere(harness.simulator, harness.simulator.users[0]?.username ?? '');

  it('push the grant out: nothing but a new consent helps, and that is said', async () => {
    for (let approval = 0; approval < 4; approval += 1) await approve();
    expect((await harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })).epoch).toBe(epoch + 1);
    await approve();
    await sql("delete from oauth_grant where connection_id = $1 and state <> 'live'");
    await harness.auth.pool.query('delete from final_verdict');
    await expect(harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch + 1 })).rejects.toMatchObject({ code: 'GRANT_REVOKED', kind: 'consent-required' });
    expect(await shown()).toMatchObject({ state: 'needs_reconsent', attention: { cause: 'revoked-or-unknown', who: 'user' } });
  });
});
