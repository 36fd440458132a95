import { useQuery, type UseQueryEntry } from '@pinia/colada';
import type { AnalyticsQueryInput, QueryAnswer } from '@tributary/api-contracts';
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type Ref } from 'vue';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem, type ApiProblem } from '../shared/problem.ts';

export interface Answering {
  /** The newest answer, or while a changed question runs the answer before it. */
  readonly answer: Readonly<Ref<QueryAnswer | undefined>>;
  readonly problem: ComputedRef<ApiProblem | undefined>;
  /** Whether what is shown is about to be replaced. */
  readonly updating: ComputedRef<boolean>;
  readonly retry: () => void;
}

/** How a question on a connection is asked, and for how long its answer is new. */
export function answerQuery(connectionId: string, question: AnalyticsQueryInput) {
  return {
    key: [...keys.figure(connectionId, question)],
    query: ({ signal }: { readonly signal: AbortSignal }) => api.query(connectionId, question, signal),
    staleTime: 30_000,
  };
}

/** The answer to a question on a connection. Answers overtaken by newer ones are dropped; the last one stays until the next is here. */
export function useAnswer(connectionId: MaybeRefOrGetter<string>, question: MaybeRefOrGetter<AnalyticsQueryInput>): Answering {
  const { data, error, asyncStatus, refetch } = useQuery<QueryAnswer>(() => ({
    ...answerQuery(toValue(connectionId), toValue(question)),
    // Figures of one connection never stand in for another's.
    placeholderData: (previous: QueryAnswer | undefined, entry?: UseQueryEntry) => (entry?.key[1] === toValue(connectionId) ? previous : undefined),
  }));
  return {
    answer: data,
    problem: computed(() => (error.value === null ? undefined : toApiProblem(error.value))),
    updating: computed(() => asyncStatus.value === 'loading' && data.value !== undefined),
    retry: () => void refetch(),
  };
}
