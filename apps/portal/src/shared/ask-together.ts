import { QueryAnswers, type AnalyticsQueryInput, type QueryAnswer } from '@tributary/api-contracts';
import { call, path } from './http.ts';
import { ApiProblem, problemOfAnswer } from './problem.ts';

/** The most that the server answers in one request. */
const most = 40;

interface Asked {
  readonly query: AnalyticsQueryInput;
  readonly signal: AbortSignal | undefined;
  readonly answered: PromiseWithResolvers<QueryAnswer>;
}

const asked = new Map<string, Asked[]>();

/**
 * Asks a connection's figures. What a page asks at once goes in one request, so that all it shows has one moment.
 * A request ends early when nobody wants any of its answers any more.
 */
export async function askTogether(connectionId: string, query: AnalyticsQueryInput, signal?: AbortSignal): Promise<QueryAnswer> {
  const one: Asked = { query, signal, answered: Promise.withResolvers() };
  const before = asked.get(connectionId);
  if (before === undefined) {
    asked.set(connectionId, [one]);
    setTimeout(() => {
      const all = asked.get(connectionId) ?? [];
      asked.delete(connectionId);
      for (let from = 0; from < all.length; from += most) void send(connectionId, all.slice(from, from + most));
    }, 0);
  } else before.push(one);
  return one.answered.promise;
}

async function send(connectionId: string, questions: readonly Asked[]): Promise<void> {
  const { signal, release } = whenAllAborted(questions);
  try {
    const { answers } = await call(path`/api/connections/${connectionId}/queries`, { method: 'POST', body: { queries: questions.map(({ query }) => query) }, answer: QueryAnswers, signal });
    for (const [index, { answered }] of questions.entries()) {
      const outcome = answers[index];
      if (outcome === undefined) answered.reject(new ApiProblem(200, 'ANSWER_INVALID', '', undefined, undefined));
      else if ('problem' in outcome) answered.reject(problemOfAnswer(outcome.problem.status, outcome.problem, null));
      else answered.resolve(outcome.answer);
    }
  } catch (error) {
    if (questions.length > 1 && error instanceof ApiProblem && error.code === 'REPLY_TOO_LARGE') {
      // Each may fit alone.
      const half = Math.ceil(questions.length / 2);
      await Promise.all([send(connectionId, questions.slice(0, half)), send(connectionId, questions.slice(half))]);
    } else for (const { answered } of questions) answered.reject(error);
  } finally {
    release();
  }
}

function whenAllAborted(questions: readonly Asked[]): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const check = (): void => {
    if (questions.every(({ signal }) => signal?.aborted)) controller.abort(questions[0]?.signal?.reason);
  };
  for (const { signal } of questions) signal?.addEventListener('abort', check);
  check();
  return { signal: controller.signal, release: () => questions.forEach(({ signal }) => signal?.removeEventListener('abort', check)) };
}
