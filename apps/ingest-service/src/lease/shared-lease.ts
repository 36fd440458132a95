import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@tributary/failures';
import type { LeaseSource } from '@tributary/salesforce-client';
import type { TokenLease } from './lease.client.ts';

const patienceMs = 120_000;
const renewBeforeMs = 60_000;

/**
 * One lease for all sessions of a run: asked once, renewed once for all who met a 401, asked again before it ends.
 * Waits up to two minutes for an auth-service that does not answer.
 */
export function sharedLease(ask: (rejectedEpoch: number | undefined) => Promise<TokenLease>, signal: AbortSignal): LeaseSource {
  let present: Promise<TokenLease> | undefined;
  const fetchLease = (rejectedEpoch: number | undefined): Promise<TokenLease> => {
    const asked = patiently(() => ask(rejectedEpoch), signal);
    present = asked;
    asked.catch(() => {
      if (present === asked) present = undefined;
    });
    return asked;
  };
  return async (rejectedEpoch) => {
    if (present === undefined) return fetchLease(rejectedEpoch);
    const lease = await present;
    if (rejectedEpoch !== undefined && lease.epoch <= rejectedEpoch) {
      // Whoever came first has asked already: the others wait for the same answer.
      const newer: Promise<TokenLease> = present;
      const known = await newer;
      return known.epoch > rejectedEpoch ? known : fetchLease(rejectedEpoch);
    }
    return lease.leaseUntil.getTime() - Date.now() < renewBeforeMs && rejectedEpoch === undefined ? fetchLease(undefined) : lease;
  };
}

async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const endsAt = performance.now() + patienceMs;
  for (let delayMs = 250; ; delayMs = Math.min(delayMs * 2, 5_000)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() > endsAt) throw error;
      await sleep(error.retryAfterMs ?? delayMs, undefined, { signal });
    }
  }
}
