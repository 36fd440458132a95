/**
 * Works through items in their order, some at the same time. After a failure nothing new is begun.
 * @returns what came of each, in their order
 * @throws the first failure, when everything begun has ended
 */
export async function eachInParallel<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  let failed = false;
  let failure: unknown;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failure = failed ? failure : error;
        failed = true;
      }
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed) throw failure;
  return results;
}
