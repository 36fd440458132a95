import { useQuery, useQueryCache } from '@pinia/colada';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { useAction } from '../shared/use-action.ts';
import { deletionsApi } from './deletions-api.ts';
import { heldOf, type HeldObject } from './held.ts';

/** How deletions of each object are found, and which of them somebody has to decide. */
export function useDeletions(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { data, error, refetch } = useQuery({ key: () => [...keys.deletions(toValue(id))], query: ({ signal }) => deletionsApi.list(toValue(id), signal) });
  const { busy, outcome, act } = useAction<string>();

  /** Says that the rows of an object really are gone, those that were shown and no others. */
  async function confirm({ object, label, held }: HeldObject): Promise<void> {
    const list = await act(object, () => deletionsApi.confirm(toValue(id), { object, rows: held.rows }), () => t('deletions.confirmed', { label }));
    if (list !== undefined) cache.setQueryData([...keys.deletions(toValue(id))], list);
    for (const key of list === undefined ? [keys.deletions(toValue(id))] : [keys.connection(toValue(id)), keys.syncRuns(toValue(id))]) cache.invalidateQueries({ key: [...key] }).catch(() => undefined);
  }
  return {
    objects: computed(() => data.value?.objects),
    held: computed(() => heldOf(data.value?.objects ?? [])),
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
    busy,
    outcome,
    confirm,
  };
}
