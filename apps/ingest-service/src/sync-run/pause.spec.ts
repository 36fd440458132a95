import { connectionSyncs, listSyncRuns, startSyncRun } from '@tributary/api-contracts';
import { Conflict } from '@tributary/failures';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const refusal = new Conflict('CONNECTION_PAUSED', 'The connection is paused.');
const runs = async () => (await ingest.ask(listSyncRuns, { connectionId, limit: 50 })).runs;
const isPaused = async () => (await ingest.rows<{ paused: boolean }>('select paused from ingest.connection'))[0]?.paused;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({ TRIBUTARY_SYNC_INTERVAL_SECONDS: '1' });
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

it('opens no run while paused, neither by schedule nor by hand, and asks for no token', async () => {
  ingest.auth.publishPaused(connectionId, true);
  await until('the pause', isPaused);
  await until('no run is open', async () => (await runs()).every(({ status }) => status !== 'running'));
  ingest.auth.refusal = refusal;
  const before = { runs: (await runs()).length, leases: ingest.auth.leases };
  expect((await ingest.ask(connectionSyncs, { connectionIds: [connectionId] })).syncs[connectionId]?.nextSyncAt).toBeNull();
  // As the schedule would find it if the pause had not cleared it.
  await ingest.rows("update ingest.connection set next_sync_at = now() - interval '1 hour'");
  await expect(ingest.ask(startSyncRun, { connectionId })).rejects.toMatchObject({ code: 'CONNECTION_PAUSED', kind: 'conflict' });
  const looks = Date.now() + 2_200;
  await until('the schedule has looked twice', () => Date.now() > looks);
  expect({ runs: (await runs()).length, leases: ingest.auth.leases }).toEqual(before);
});

it('goes on at once after the pause', async () => {
  const [last] = await runs();
  ingest.auth.refusal = undefined;
  ingest.auth.publishPaused(connectionId, false);
  expect(await ingest.finishedRun(last?.id)).toMatchObject({ status: 'complete' });
});

it('counts no run as failed that meets the pause before it was told of it, and does not ask again and again', async () => {
  await until('no run is open', async () => (await runs()).every(({ status }) => status !== 'running'));
  ingest.auth.refusal = refusal;
  const asked = ingest.auth.leases;
  await until('a run met the pause', () => ingest.auth.leases > asked);
  await until('it is gone', async () => (await runs()).every(({ status }) => status !== 'running'));
  const [{ next_sync_at: next } = { next_sync_at: null }] = await ingest.rows<{ next_sync_at: Date | null }>('select next_sync_at from ingest.connection');
  expect((next?.getTime() ?? 0) - Date.now()).toBeGreaterThan(30_000);
  expect((await runs()).filter(({ status }) => status === 'failed')).toEqual([]);
});
