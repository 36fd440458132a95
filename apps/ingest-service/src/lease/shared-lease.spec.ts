import { Secret, Unavailable } from '@tributary/failures';
import { expect, it } from 'vitest';
import type { TokenLease } from './lease.client.ts';
import { sharedLease } from './shared-lease.ts';

function aLease(epoch: number, issuedAt = new Date()): TokenLease {
  return { accessToken: Secret.of('token'), instanceUrl: 'https://acme.my.salesforce.com', epoch, apiVersion: null, leaseUntil: new Date(Date.now() + 900_000), issuedAt };
}

it('asks once for all who need a token, and once for all who met a 401', async () => {
  const asked: (number | undefined)[] = [];
  const source = sharedLease(async (rejected) => {
    asked.push(rejected);
    return aLease((rejected ?? 0) + 1);
  }, new AbortController().signal);
  await Promise.all([source(), source(), source()]);
  const renewed = await Promise.all([source(1), source(1), source(1)]);
  expect(asked).toEqual([undefined, 1]);
  expect(renewed.map(({ epoch }) => epoch)).toEqual([2, 2, 2]);
});

it('waits for an auth-service that does not answer, and asks again after a failure', async () => {
  let calls = 0;
  const source = sharedLease(async () => {
    calls += 1;
    if (calls === 1) throw new Unavailable('BUS_UNAVAILABLE', 'auth-service does not answer.', { retryAfterMs: 1 });
    return aLease(1);
  }, new AbortController().signal);
  expect(await source()).toMatchObject({ epoch: 1 });
  expect(calls).toBe(2);
});

it('tells a token that was renewed for this refusal from one that others had long before', async () => {
  const given = async (issuedAt: Date) => sharedLease(async (rejected) => aLease((rejected ?? 0) + 1, issuedAt), new AbortController().signal)(1);
  expect((await given(new Date())).renewal?.freshUntilMs).toBeGreaterThan(performance.now());
  expect((await given(new Date(Date.now() - 3_600_000))).renewal?.freshUntilMs).toBe(0);
});
