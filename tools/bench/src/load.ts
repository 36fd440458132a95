/** What a load of equal questions showed. Times are milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How questions are asked: so many at a time, or so many in a second whether the ones before are answered or not. */
export type Pace = { readonly atOnce: number } | { readonly perSecond: number };

export async function load<Question>(questions: readonly Question[], pace: Pace, ask: (question: Question) => Promise<unknown>): Promise<LoadResult> {
  const startedAt = performance.now();
  const tookMs = await ('atOnce' in pace ? closed(questions, pace.atOnce, ask) : open(questions, pace.perSecond, ask));
  const seconds = (performance.now() - startedAt) / 1_000;
  tookMs.sort((a, b) => a - b);
  const quantile = (share: number): number => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? 0;
  return { perSecond: tookMs.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

export function shown({ perSecond, p50Ms, p99Ms }: LoadResult): string {
  return `${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
}

/** Each place takes the next question when its answer is there. */
async function closed<Question>(questions: readonly Question[], atOnce: number, ask: (question: Question) => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  let next = 0;
  const place = async (): Promise<void> => {
    for (let question = questions[next++]; question !== undefined; question = questions[next++]) {
      const askedAt = performance.now();
      await ask(question);
      tookMs.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, place));
  return tookMs;
}

/** Every question has its moment; what it waits because the asking side is late counts too. */
async function open<Question>(questions: readonly Question[], perSecond: number, ask: (question: Question) => Promise<unknown>): Promise<number[]> {
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  while (answers.length < questions.length) {
    const due = Math.min(questions.length, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    for (let index = answers.length; index < due; index += 1) {
      const question = questions[index];
      const dueAt = startedAt + ((index + 1) / perSecond) * 1_000;
      if (question !== undefined) answers.push(ask(question).then(() => performance.now() - dueAt));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Promise.all(answers);
}
