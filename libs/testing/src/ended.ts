import { setTimeout as sleep } from 'node:timers/promises';

const longestEndMs = 60_000;

/** Waits for the end of a part of a test's surroundings. @throws Error naming the part that does not end, and what keeps the process busy */
export async function ended(what: string, end: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const late = sleep(longestEndMs, undefined, { signal: patience.signal, ref: false }).then(() => {
    throw new Error(`${what} did not end within ${longestEndMs / 1_000} s; at work are ${process.getActiveResourcesInfo().join(', ')}`);
  });
  late.catch(() => undefined);
  try {
    await Promise.race([end, late]);
  } finally {
    patience.abort();
  }
}
