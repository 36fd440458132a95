/**
 * Works through items in their order, some at the same time. After a failure nothing new is begun.
 * @throws the first failure, when everything begun has ended
 */
export async function eachInParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  let failed = false;
  let failure: unknown;
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      try {
        await work(item);
      } catch (error) {
        failure = failed ? failure : error;
        failed = true;
      }
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed) throw failure;
}
