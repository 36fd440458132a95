import { useQuery } from '@pinia/colada';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';

/** All connections of the person, newest first. */
export function useConnections(enabled: MaybeRefOrGetter<boolean> = true) {
  const { data, error, refetch } = useQuery({ key: [...keys.connections], query: ({ signal }) => api.connections(signal), enabled: () => toValue(enabled) });
  return {
    connections: computed(() => data.value?.connections),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch,
  };
}

/** One connection with its sync state. */
export function useConnection(id: MaybeRefOrGetter<string>) {
  const { data, error, refetch } = useQuery({ key: () => [...keys.connection(toValue(id))], query: ({ signal }) => api.connection(toValue(id), signal) });
  return {
    connection: data,
    problem: computed(() => (error.value === null ? undefined : toApiProblem(error.value))),
    refetch,
  };
}
