import { useQuery, useQueryCache } from '@pinia/colada';
import { computed, shallowRef, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { useAction } from '../shared/use-action.ts';
import { changesOf, draftOf, hasChanges, selectionOf, type Draft } from './draft.ts';
import { selectionApi } from './selection-api.ts';

/** What is copied of an org, and what somebody is about to make of it. */
export function useSelection(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { data, error, refetch } = useQuery({ key: () => [...keys.objects(toValue(id))], query: ({ signal }) => api.objects(toValue(id), signal) });
  const { busy, outcome, act } = useAction<'save'>();
  const edited = shallowRef<Draft>();
  const before = computed<Draft>(() => draftOf(data.value?.objects ?? []));
  const draft = computed(() => edited.value ?? before.value);
  const changes = computed(() => changesOf(before.value, draft.value));

  async function save(): Promise<void> {
    const selection = selectionOf(draft.value);
    if (selection === undefined) return;
    const saved = await act('save', () => selectionApi.save(toValue(id), selection), () => t('selection.saved'));
    if (saved === undefined) return;
    cache.setQueryData([...keys.objects(toValue(id))], saved);
    edited.value = undefined;
    for (const key of [keys.ofConnection(toValue(id)), keys.connections]) cache.invalidateQueries({ key: [...key] }).catch(() => undefined);
  }
  return {
    catalogue: data,
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
    draft,
    changes,
    changed: computed(() => hasChanges(changes.value)),
    edit: (next: Draft) => void (edited.value = next),
    forget: () => void (edited.value = undefined),
    busy,
    outcome,
    save,
  };
}
