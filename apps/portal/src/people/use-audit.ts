import { useInfiniteQuery } from '@pinia/colada';
import type { AuditPage } from '@tributary/api-contracts';
import { computed, type Ref } from 'vue';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { peopleApi } from './people-api.ts';

/** Entries read at once. */
const pageSize = 50;

/** The audit log, newest first, page by page. */
export function useAudit(enabled: Ref<boolean>) {
  const { data, error, asyncStatus, hasNextPage, loadNextPage, refetch } = useInfiniteQuery<AuditPage, Error, number | undefined>({
    key: [...keys.audit],
    query: ({ pageParam, signal }) => peopleApi.audit(pageParam, pageSize, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ before }) => before,
    enabled,
  });
  const pages = computed(() => data.value?.pages);
  return {
    chain: computed(() => pages.value?.[0]?.chain),
    records: computed(() => pages.value?.flatMap(({ records }) => records)),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    loading: computed(() => asyncStatus.value === 'loading'),
    hasMore: hasNextPage,
    more: () => void loadNextPage(),
    refetch: () => void refetch(),
  };
}
