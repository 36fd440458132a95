import { useInfiniteQuery } from '@pinia/colada';
import type { ConnectionCalls } from '@tributary/api-contracts';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { readCalls, type CallsWanted } from './calls-api.ts';

/** Calls read at once. */
const pageSize = 50;

/** Every call made at Salesforce, newest first, page by page. */
export function useCalls(id: MaybeRefOrGetter<string>, wanted: MaybeRefOrGetter<CallsWanted>) {
  const { data, error, asyncStatus, hasNextPage, loadNextPage, refetch } = useInfiniteQuery<ConnectionCalls, Error, string | undefined>({
    key: () => [...keys.ofConnection(toValue(id)), 'calls', JSON.stringify(toValue(wanted))],
    query: ({ pageParam, signal }) => readCalls(toValue(id), toValue(wanted), pageParam, pageSize, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ before }) => before,
  });
  const pages = computed(() => data.value?.pages);
  return {
    calls: computed(() => pages.value?.flatMap(({ calls }) => calls)),
    kept: computed(() => (pages.value?.[0] === undefined ? undefined : { days: pages.value[0].keptDays })),
    /** Parts that are not in the list, each with why; a part missing of one page is missing of the list. */
    missing: computed(() => [...new Map(pages.value?.flatMap(({ missing }) => missing).map((one) => [one.part, one])).values()]),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    loading: computed(() => asyncStatus.value === 'loading'),
    hasMore: hasNextPage,
    more: () => void loadNextPage(),
    refetch: () => void refetch(),
  };
}
