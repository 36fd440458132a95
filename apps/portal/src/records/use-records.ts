import { useInfiniteQuery } from '@pinia/colada';
import type { RecordsAnswer } from '@tributary/api-contracts';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';

/** Rows read at once. */
const pageSize = 100;

/** Records of an object, page by page as they are needed. */
export function useRecords(connectionId: MaybeRefOrGetter<string>, object: MaybeRefOrGetter<string>, filter: MaybeRefOrGetter<string | undefined>, sort: MaybeRefOrGetter<string | undefined>) {
  const { data, error, asyncStatus, hasNextPage, loadNextPage, refetch } = useInfiniteQuery<RecordsAnswer, Error, string | undefined>({
    key: () => [...keys.records(toValue(connectionId), toValue(object), { list: true, filter: toValue(filter), sort: toValue(sort) })],
    query: ({ pageParam, signal }) => api.records(toValue(connectionId), toValue(object), { filter: toValue(filter), sort: toValue(sort), cursor: pageParam, limit: pageSize }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: 30_000,
  });
  const pages = computed(() => data.value?.pages ?? []);
  return {
    first: computed(() => pages.value[0]),
    rows: computed(() => pages.value.flatMap(({ rows }) => rows)),
    problem: computed(() => (error.value === null ? undefined : toApiProblem(error.value))),
    loading: computed(() => asyncStatus.value === 'loading'),
    more: () => void (hasNextPage.value && asyncStatus.value !== 'loading' && loadNextPage()),
    refetch: () => void refetch(),
  };
}
