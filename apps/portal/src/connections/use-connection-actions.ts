import { useQueryCache } from '@pinia/colada';
import { type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { useAction } from '../shared/use-action.ts';

/** What a person can do with a connection; the outcome stays until the next action. */
export function useConnectionActions(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { busy, outcome, act } = useAction<'sync' | 'disconnect'>();
  const after = async (done: Promise<unknown>): Promise<void> => {
    if ((await done) === undefined) return;
    for (const key of [keys.ofConnection(toValue(id)), keys.connections]) cache.invalidateQueries({ key: [...key] }).catch(() => undefined);
  };
  return {
    busy,
    outcome,
    syncNow: () => after(act('sync', () => api.startSync(toValue(id)), ({ alreadyOpen }) => t(alreadyOpen ? 'connection.syncAlready' : 'connection.syncStarted'))),
    disconnect: (data: 'keep' | 'erase') => after(act('disconnect', () => api.disconnect(toValue(id), data), ({ revoked }) => t(revoked ? 'connection.done' : 'connection.doneNoRevoke'))),
  };
}
