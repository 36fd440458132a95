import { useQuery, useQueryCache } from '@pinia/colada';
import type { NewFieldDecisions, SyncSettings } from '@tributary/api-contracts';
import { computed, shallowRef, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { useAction } from '../shared/use-action.ts';
import { usePreview } from '../shared/use-preview.ts';
import { scheduleApi } from './schedule-api.ts';
import { equalSettings } from './settings-draft.ts';

/** Schedule and API budget of a connection, and what somebody is about to make of them. */
export function useSyncSettings(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const key = (): string[] => [...keys.ofConnection(toValue(id)), 'settings'];
  const { data, error, refetch } = useQuery({ key, query: ({ signal }) => scheduleApi.settings(toValue(id), signal) });
  const { busy, outcome, act } = useAction<'save' | 'decide'>();
  const edited = shallowRef<SyncSettings>();
  const draft = computed(() => edited.value ?? data.value?.settings);
  const changed = computed(() => draft.value !== undefined && data.value !== undefined && !equalSettings(draft.value, data.value.settings));
  const asked = computed(() => (changed.value ? draft.value : undefined));
  const preview = usePreview(() => [...keys.ofConnection(toValue(id)), 'forecast'], asked, (settings, signal) => scheduleApi.forecast(toValue(id), settings, signal));

  async function keep(work: Promise<Awaited<ReturnType<typeof scheduleApi.save>> | undefined>): Promise<void> {
    const saved = await work;
    if (saved === undefined) return;
    cache.setQueryData(key(), saved);
    edited.value = undefined;
    for (const stale of [keys.ofConnection(toValue(id)), keys.connections]) cache.invalidateQueries({ key: [...stale] }).catch(() => undefined);
  }
  return {
    view: data,
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
    draft,
    changed,
    edit: (part: Partial<SyncSettings>) => void (draft.value !== undefined && (edited.value = { ...draft.value, ...part })),
    forget: () => void (edited.value = undefined),
    /** What the draft would cost; what is kept while nothing was changed. */
    forecast: computed(() => (changed.value ? preview.answer.value : data.value?.forecast)),
    forecastBehind: computed(() => changed.value && preview.behind.value),
    busy,
    outcome,
    save: () => {
      const settings = draft.value;
      return settings === undefined ? Promise.resolve() : keep(act('save', () => scheduleApi.save(toValue(id), settings), () => t('schedule.saved')));
    },
    decide: (decisions: NewFieldDecisions['decisions']) => keep(act('decide', () => scheduleApi.decide(toValue(id), { decisions }), () => t('selection.newFields.decided'))),
  };
}
