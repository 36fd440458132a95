import { useQuery } from '@pinia/colada';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { peopleApi } from '../people/people-api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';

/** What the link of an invitation leads to. A look that fails for another reason than a dead link keeps nobody from signing in. */
export function useInvitation(token: MaybeRefOrGetter<string | undefined>) {
  const { data, error } = useQuery({
    key: () => [...keys.invitation(toValue(token) ?? '')],
    query: ({ signal }) => peopleApi.preview(toValue(token) ?? '', signal),
    enabled: () => toValue(token) !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return {
    preview: data,
    state: computed(() => {
      if (toValue(token) === undefined) return 'cut-off';
      if (data.value !== undefined) return 'open';
      if (error.value === null) return 'loading';
      return toApiProblem(error.value).code === 'INVITATION_NOT_FOUND' ? 'dead' : 'unknown';
    }),
  };
}
