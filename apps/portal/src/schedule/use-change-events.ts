import { useQueryCache } from '@pinia/colada';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { useConnection } from '../connections/use-connections.ts';
import { keys } from '../shared/keys.ts';
import { useAction } from '../shared/use-action.ts';
import { usePolling } from '../shared/use-polling.ts';
import { scheduleApi } from './schedule-api.ts';

/** Whether Salesforce tells of a connection's changes, and the switch for it. */
export function useChangeEvents(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { connection, refetch } = useConnection(id);
  const { busy, outcome, act } = useAction<'switch'>();
  const events = computed(() => connection.value?.sync?.changeEvents);
  // Nobody says when the stream opens; it takes a second or two.
  usePolling(computed(() => events.value?.state === 'connecting'), 2_000, () => void refetch());

  async function turn(on: boolean): Promise<void> {
    const done = await act('switch', () => scheduleApi.switchChangeEvents(toValue(id), on), () => t(on ? 'schedule.events.turnedOn' : 'schedule.events.turnedOff'));
    if (done !== undefined) cache.invalidateQueries({ key: [...keys.connection(toValue(id))] }).catch(() => undefined);
  }
  return { events, busy: computed(() => busy.value !== undefined), outcome, turn };
}
