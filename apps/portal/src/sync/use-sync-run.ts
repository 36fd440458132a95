import { useQuery } from '@pinia/colada';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';

/** One sync run; progress arrives in it live. */
export function useSyncRun(connectionId: MaybeRefOrGetter<string>, runId: MaybeRefOrGetter<string | undefined>) {
  const { data, error, refetch } = useQuery({
    key: () => [...keys.syncRun(toValue(connectionId), toValue(runId) ?? 'none')],
    query: ({ signal }) => api.syncRun(toValue(connectionId), toValue(runId) ?? '', signal),
    enabled: () => toValue(runId) !== undefined,
  });
  return {
    run: data,
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
  };
}
