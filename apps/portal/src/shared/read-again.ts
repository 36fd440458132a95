import type { QueryCache, UseQueryEntry } from '@pinia/colada';

/**
 * Makes what reads again everything below a key.
 * A reading under way is let come first and is then done once more: where news is faster than answers, none would ever be seen otherwise.
 */
export function readAgain(cache: QueryCache): (key: readonly string[]) => void {
  const waiting = new WeakSet<UseQueryEntry>();
  const again = (entry: UseQueryEntry): void => {
    const running = entry.pending?.refreshCall;
    // Each query keeps its own failure.
    if (running === undefined) return void cache.invalidateQueries({ key: entry.key, exact: true }).catch(() => undefined);
    if (waiting.has(entry)) return;
    waiting.add(entry);
    const ended = (): void => {
      waiting.delete(entry);
      again(entry);
    };
    running.then(ended, ended);
  };
  return (key) => {
    for (const entry of cache.getEntries({ key: [...key] })) again(entry);
  };
}
