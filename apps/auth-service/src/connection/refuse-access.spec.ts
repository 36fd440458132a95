import { getConnection } from '@tributary/api-contracts';
import { ConnectionId, accessRefused, type AccessRefusal } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { RefreshGrant } from '../grant/refresh-grant.ts';
import { RefreshProgress } from '../grant/refresh-progress.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
});

afterAll(() => harness?.stop());

beforeEach(async () => {
  person = await harness.connect();
});

const shown = () => harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const checkInMinutes = async () => Number((await harness.auth.pool.query<{ minutes: number | null }>('select extract(epoch from next_check_at - now())::float8 / 60 as minutes from connection where id = $1', [person.connectionId])).rows[0]?.minutes ?? Number.NaN);

type Refused = Parameters<typeof accessRefused.create>[0];

/** Says what ingest-service would. @returns waits until it was heard */
function publish(refused: Omit<Refused, 'retryAfterSeconds'>): () => Promise<unknown> {
  const event = accessRefused.create({ ...refused, retryAfterSeconds: null });
  harness.others.publish(accessRefused.subject(refused.connectionId), JSON.stringify(event));
  return () => until('the event is handled', async () => (await harness.auth.pool.query('select from inbox where event_id = $1', [event.id])).rowCount === 1);
}

async function refuse(cause: AccessRefusal, { epoch }: { epoch?: number } = {}): Promise<void> {
  await publish({ connectionId: person.connectionId, epoch: epoch ?? (await harness.ingest.lease(person)).epoch, cause })();
}

it.each([
  ['session-policy', 'needs_admin', 'admin', 1], ['app-policy', 'needs_admin', 'admin', 1], ['api-disabled', 'needs_admin', 'admin', 1], ['session-not-for-api', 'held', 'admin', 1],
  ['password-expired', 'needs_reconsent', 'user', Number.NaN],
] as const)('%s at Salesforce makes the connection %s, and its page says who can mend it', async (cause, state, who, minutes) => {
  await refuse(cause);
  const { attention, ...connection } = await shown();
  expect([connection.state, attention?.cause, attention?.who]).toEqual([state, cause, who]);
  expect(Math.round(await checkInMinutes())).toBe(minutes);
  await expect(harness.ingest.lease(person)).rejects.toMatchObject({ kind: expect.stringMatching(/conflict|unavailable|consent-required/) as string });
  await until('the others are told', () => harness.bus.events.some(({ type, subject, data }) => type === 'auth.connection.attention' && subject === person.connectionId && data['cause'] === cause && data['resolved'] === false));
  const { rows: [entry] } = await harness.auth.pool.query("select cause, text from audit_entry where connection_id = $1 and kind = 'state-changed' order by id desc limit 1", [person.connectionId]);
  expect(entry).toEqual({ cause, text: attention?.text });
});

it('calls of the day that are used up are no trouble of the access: a person may have it tried again at once', async () => {
  await refuse('daily-quota');
  expect(await shown()).toMatchObject({ state: 'active', attention: null });
  expect((await harness.ingest.lease(person)).epoch).toBeGreaterThan(0);
});

it('a token that came since is asked first', async () => {
  const { epoch } = await harness.ingest.lease(person);
  expect((await harness.ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch })).epoch).toBe(epoch + 1);
  await refuse('session-policy', { epoch });
  expect(await shown()).toMatchObject({ state: 'active', attention: null });
});

it('a token that comes while the refusal waits for the connection is asked first as well', async () => {
  const { epoch } = await harness.ingest.lease(person);
  const progress = harness.auth.app.get(RefreshProgress);
  const { reached } = progress;
  const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  progress.reached = async (point) => {
    if (point !== 'before-commit') return;
    arrived.resolve();
    await gone.promise;
  };
  const refreshed = harness.auth.app.get(RefreshGrant).execute(person.connectionId, epoch);
  await arrived.promise;
  const heard = publish({ connectionId: person.connectionId, epoch, cause: 'password-expired' });
  await until('the refusal waits for the row', async () => (await harness.auth.pool.query("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%' and datname = current_database()")).rowCount === 1);
  gone.resolve();
  progress.reached = reached;
  await Promise.all([refreshed, heard()]);
  expect(await shown()).toMatchObject({ state: 'active', attention: null });
  expect((await harness.ingest.lease(person)).epoch).toBe(epoch + 1);
});

it('a connection that nobody knows is no failure: the event is done with', async () => {
  await publish({ connectionId: ConnectionId.parse('0199aa00-0000-7000-8000-0000000000ff'), epoch: 1, cause: 'session-policy' })();
  expect((await harness.auth.pool.query('select from dead_letter')).rowCount).toBe(0);
});

it('what ends by itself is looked at again, each time later, and the connection works on', async () => {
  const other = await harness.connect(1);
  person = other;
  await refuse('app-policy');
  for (const minutes of [2, 4]) {
    await harness.auth.pool.query("update connection set state = 'active', attention_cause = null, next_check_at = null where id = $1", [person.connectionId]);
    await refuse('app-policy');
    expect(Math.round(await checkInMinutes())).toBe(minutes);
  }
  await harness.auth.pool.query("update connection set next_check_at = now() - interval '1 second' where id = $1", [person.connectionId]);
  await until('it works again', async () => (await shown()).state === 'active');
  expect((await shown()).attention).toBeNull();
  expect((await harness.ingest.lease(person)).epoch).toBeGreaterThan(0);
});
