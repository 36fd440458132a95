/** What a load of equal questions showed. Times are milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Asks every question, `atOnce` at a time, each place taking the next one when its answer is there. */
export async function load<Question>(questions: readonly Question[], atOnce: number, ask: (question: Question) => Promise<unknown>): Promise<LoadResult> {
  const tookMs: number[] = [];
  let next = 0;
  const place = async (): Promise<void> => {
    for (let question = questions[next++]; question !== undefined; question = questions[next++]) {
      const askedAt = performance.now();
      await ask(question);
      tookMs.push(performance.now() - askedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, place));
  const seconds = (performance.now() - startedAt) / 1_000;
  tookMs.sort((a, b) => a - b);
  const quantile = (share: number): number => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? 0;
  return { perSecond: tookMs.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

export function shown(what: string, { perSecond, p50Ms, p99Ms }: LoadResult): string {
  return `${what}: ${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
}
