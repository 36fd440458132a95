import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@tributary/failures';
import type { LeaseSource } from '@tributary/salesforce-client';
import type { TokenLease } from './lease.client.ts';

const patienceMs = 120_000;
const renewBeforeMs = 60_000;
/** No session of Salesforce ends so soon by itself. */
const freshForMs = 60_000;

/**
 * One lease for all sessions of a run: asked once, renewed once for all who met a 401, asked again before it ends.
 * Waits up to two minutes for an auth-service that does not answer.
 */
export function sharedLease(ask: (rejectedEpoch: number | undefined) => Promise<TokenLease>, signal: AbortSignal): LeaseSource {
  let present: Promise<TokenLease> | undefined;
  /** By a clock that nobody sets. */
  let endsAtMs = 0;
  let renewing: { readonly rejectedEpoch: number; readonly lease: Promise<TokenLease> } | undefined;
  const fetchLease = (rejectedEpoch: number | undefined): Promise<TokenLease> => {
    const asked = patiently(() => ask(rejectedEpoch), signal).then((lease) => (rejectedEpoch === undefined ? lease : { ...lease, renewal: { freshUntilMs: freshUntil(lease), accepted: false } }));
    present = asked;
    asked.then(({ leaseUntil }) => (endsAtMs = performance.now() + leaseUntil.getTime() - Date.now()), () => {
      if (present === asked) present = undefined;
    });
    return asked;
  };
  const renew = (rejectedEpoch: number): Promise<TokenLease> => {
    if (renewing?.rejectedEpoch === rejectedEpoch) return renewing.lease;
    const mine = { rejectedEpoch, lease: fetchLease(rejectedEpoch) };
    renewing = mine;
    const forget = (): void => {
      if (renewing === mine) renewing = undefined;
    };
    mine.lease.then(forget, forget);
    return mine.lease;
  };
  return async (rejectedEpoch) => {
    const lease = await (present ?? fetchLease(undefined));
    if (rejectedEpoch !== undefined) return lease.epoch > rejectedEpoch ? lease : renew(rejectedEpoch);
    return endsAtMs - performance.now() < renewBeforeMs ? fetchLease(undefined) : lease;
  };
}

function freshUntil({ issuedAt }: TokenLease): number {
  const leftMs = issuedAt.getTime() + freshForMs - Date.now();
  return leftMs <= 0 ? 0 : performance.now() + Math.min(leftMs, freshForMs);
}

async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const endsAt = performance.now() + patienceMs;
  for (let delayMs = 250; ; delayMs = Math.min(delayMs * 2, 5_000)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() > endsAt) throw error;
      await sleep(Math.min(error.retryAfterMs ?? delayMs, patienceMs), undefined, { signal });
    }
  }
}
