import { getConnection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let person: ConnectedPerson;

beforeAll(async () => {
  harness = await AuthHarness.start();
  person = await harness.connect();
});

afterEach(() => vi.restoreAllMocks());

afterAll(() => harness?.stop());

const noted = async () => (await harness.auth.pool.query<{ at: Date; purpose: string }>('select last_used_at as at, last_purpose as purpose from way_use where connection_id = $1', [person.connectionId])).rows[0];
const lease = (purpose: 'background' | 'interactive') => harness.ingest.lease({ connectionId: person.connectionId, purpose });

it('a use is written when it tells something new; that a way is used on is written now and then, and before a person looks', async () => {
  await lease('background');
  await until('the first use is written', async () => (await noted())?.purpose === 'background');
  const first = (await noted())?.at.getTime() ?? Number.NaN;
  const askedAt = Date.now();
  await lease('background');
  // Two rounds later.
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  expect((await noted())?.at.getTime()).toBe(first);
  const { ways } = await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
  expect(Date.parse(ways.find(({ lastUsedAt }) => lastUsedAt !== null)?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(askedAt);
  await lease('interactive');
  await until('the other purpose is written', async () => (await noted())?.purpose === 'interactive');
  await lease('interactive');
  const written = (await noted())?.at.getTime() ?? Number.NaN;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 16_000);
  await until('the use after it is written', async () => ((await noted())?.at.getTime() ?? 0) > written);
});
