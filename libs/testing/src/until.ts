import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `probe` gives something other than `undefined`, `null` or `false`.
 * @throws when that does not happen within `withinMs`; the message ends with the last error, if any
 */
export async function until<T>(what: string, probe: () => Promise<T | undefined | null | false> | T | undefined | null | false, withinMs = 30_000): Promise<T> {
  const endsAt = performance.now() + withinMs;
  let last: unknown;
  do {
    try {
      const found = await probe();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await sleep(25);
  } while (performance.now() < endsAt);
  throw new Error(`${what} did not happen within ${withinMs} ms${last instanceof Error ? `: ${last.message}` : ''}`, { cause: last });
}
