import { useQuery } from '@pinia/colada';
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

/** The answer to a question on a connection. Answers overtaken by newer ones are dropped; the last one stays until the next is here. */
export function useAnswer(connectionId: MaybeRefOrGetter<string>, question: MaybeRefOrGetter<AnalyticsQueryInput>): Answering {
  const { data, error, asyncStatus, refetch } = useQuery({
    key: () => [...keys.figure(toValue(connectionId), toValue(question))],
    query: ({ signal }) => api.query(toValue(connectionId), toValue(question), signal),
    // Figures of one connection never stand in for another's.
    placeholderData: (previous: QueryAnswer | undefined, entry) => (entry?.key[1] === toValue(connectionId) ? previous : undefined),
    staleTime: 30_000,
  });
  return {
    answer: data,
    problem: computed(() => (error.value === null ? undefined : toApiProblem(error.value))),
    updating: computed(() => asyncStatus.value === 'loading' && data.value !== undefined),
    retry: () => void refetch(),
  };
}
