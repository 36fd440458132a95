import { getConnection } from '@tributary/api-contracts';
import { accessRefused, type AccessRefusal } from '@tributary/event-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
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

/** Says what ingest-service would, and waits until it was heard. */
async function refuse(cause: AccessRefusal, { epoch }: { epoch?: number } = {}): Promise<void> {
  const event = accessRefused.create({ connectionId: person.connectionId, epoch: epoch ?? (await harness.ingest.lease(person)).epoch, cause, retryAfterSeconds: null });
  harness.others.publish(accessRefused.subject(person.connectionId), JSON.stringify(event));
  await until('the event is handled', async () => (await harness.auth.pool.query('select from inbox where event_id = $1', [event.id])).rowCount === 1);
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
