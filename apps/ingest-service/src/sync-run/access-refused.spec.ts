import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start();
  await ingest.startService();
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

beforeEach(() => {
  ingest.simulator.faults.clear();
});

const told = async () => (await ingest.rows<{ data: Record<string, unknown> }>("select payload->'data' as data from ingest.outbox where payload->>'type' = 'ingest.access.refused' order by id")).map(({ data }) => data);
const runs = async () => Number((await ingest.rows<{ n: string }>('select count(*) as n from ingest.sync_run'))[0]?.n);
const refuse = (status: number, errorCode: string, message: string): void =>
  void ingest.simulator.faults.add({ match: { path: /^\/services\/data\/v/ }, answer: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ errorCode, message }]) } });

it.each([
  [403, 'API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner', 'api-disabled', expect.any(Number)],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'daily-quota', expect.any(Number)],
  [403, 'INVALID_OPERATION_WITH_EXPIRED_PASSWORD', 'The users password has expired', 'password-expired', null],
  [401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API', 'session-not-for-api', null],
  [401, 'INVALID_SESSION_ID', 'Connected app is not attached to Agent', 'app-policy', null],
] as const)('tells auth-service that Salesforce answers %i %s (%s)', async (status, code, message, cause, retryAfterSeconds) => {
  await ingest.rows("update ingest.connection set token_state = 'ready', hold = null");
  const before = (await told()).length;
  refuse(status, code, message);
  await ingest.nextRun();
  expect((await told()).slice(before)).toEqual([{ connectionId, epoch: ingest.auth.epoch, cause, retryAfterSeconds }]);
});

it('renews a token once that Salesforce does not take, and begins no other run before a newer one is there', async () => {
  await ingest.rows("update ingest.connection set token_state = 'ready', hold = null");
  refuse(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  const [before, renewals] = [(await told()).length, ingest.auth.rejected.length];
  expect(await ingest.nextRun()).toMatchObject({ status: 'failed', reasons: [{ code: 'SESSION_POLICY' }] });
  const count = await runs();
  // The token that the run renewed is told of as ready, which must not begin the next one.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect([await runs(), ingest.auth.rejected.length - renewals]).toEqual([count, 1]);
  expect((await told()).slice(before)).toEqual([{ connectionId, epoch: ingest.auth.epoch, cause: 'session-policy', retryAfterSeconds: null }]);
  ingest.simulator.faults.clear();
  await ingest.auth.consent();
  ingest.auth.epoch += 1;
  const last = await ingest.finishedRun();
  ingest.auth.publishTokenReady(connectionId);
  expect(await ingest.finishedRun(last.id)).toMatchObject({ status: 'complete' });
});
