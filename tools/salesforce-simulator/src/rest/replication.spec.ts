import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { call, signIn, type Answer } from '../testing/person.ts';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty', now: new Date('2026-11-20T10:00:30Z') });
  token = (await signIn(simulator)).access_token;
});
afterAll(async () => {
  await simulator.stop();
});

const between = (what: 'updated' | 'deleted', start: string, end: string): Promise<Answer> => call(simulator, token, `/sobjects/Account/${what}/?start=${encodeURIComponent(start)}&end=${encodeURIComponent(end)}`);

it('lists what was changed and what was deleted, softly or for good', async () => {
  const kept = simulator.org.insert('Account', { Name: 'Kept' });
  const binned = simulator.org.insert('Account', { Name: 'Binned' });
  const purged = simulator.org.insert('Account', { Name: 'Purged' });
  simulator.org.delete('Account', binned);
  simulator.org.purge('Account', purged);
  simulator.clock.advance(5 * 60_000);
  expect((await between('updated', '2026-11-20T09:00:00+00:00', '2026-11-20T10:05:00+00:00')).body).toEqual({ ids: [kept], latestDateCovered: '2026-11-20T10:05:00.000+0000' });
  const { body } = await between('deleted', '2026-11-20T09:00:00+00:00', '2026-11-20T10:05:00+00:00');
  expect(body).toEqual({
    deletedRecords: [binned, purged].map((id) => ({ id, deletedDate: '2026-11-20T10:00:30.000+0000' })), earliestDateAvailable: '2026-11-05T10:05:00.000+0000', latestDateCovered: '2026-11-20T10:05:00.000+0000',
  });
});

it.each([
  ['deleted', '2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'],
  ['updated', '2026-10-01T00:00:00Z', '2026-11-20T00:00:00Z'],
  ['updated', '2026-11-20T10:00:00Z', '2026-11-20T10:01:00Z'],
] as const)('refuses %s from %s to %s', async (what, start, end) => {
  expect((await between(what, start, end)).body).toMatchObject([{ errorCode: 'INVALID_REPLICATION_DATE' }]);
});

it('refuses a start before the trimmed delete log', async () => {
  simulator.org.trimDeleteLog(new Date('2026-11-20T10:02:00Z'));
  expect((await between('deleted', '2026-11-20T09:00:00Z', '2026-11-20T10:05:00Z')).body).toMatchObject([{ errorCode: 'INVALID_REPLICATION_DATE' }]);
});
