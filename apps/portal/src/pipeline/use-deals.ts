import { useQuery } from '@pinia/colada';
import type { RecordsAnswer } from '@tributary/api-contracts';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';

/** Deals shown on the board. */
const shown = 8;

/** The largest deals behind the open pipeline. */
export function useDeals(connectionId: MaybeRefOrGetter<string>, drill: MaybeRefOrGetter<string | undefined>) {
  const query = () => ({ filter: toValue(drill), sort: '-Amount', limit: shown });
  const { data, error, asyncStatus, refetch } = useQuery({
    key: () => [...keys.records(toValue(connectionId), 'Opportunity', query())],
    query: ({ signal }) => api.records(toValue(connectionId), 'Opportunity', query(), signal),
    enabled: () => toValue(drill) !== undefined,
    placeholderData: (previous: RecordsAnswer | undefined, entry) => (entry?.key[1] === toValue(connectionId) ? previous : undefined),
    staleTime: 30_000,
  });
  return {
    deals: data,
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    updating: computed(() => asyncStatus.value === 'loading' && data.value !== undefined),
    retry: () => void refetch(),
  };
}
