import { useQueryCache } from '@pinia/colada';
import { shallowRef, type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem, type ApiProblem } from '../shared/problem.ts';

/** How the last action went. */
export type Outcome = { readonly kind: 'done'; readonly text: string } | { readonly kind: 'failed'; readonly problem: ApiProblem };

/** What a person can do with a connection; the outcome stays until the next action. */
export function useConnectionActions(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const busy = shallowRef<'sync' | 'disconnect'>();
  const outcome = shallowRef<Outcome>();

  async function act(kind: 'sync' | 'disconnect', work: () => Promise<string>): Promise<boolean> {
    busy.value = kind;
    outcome.value = undefined;
    try {
      outcome.value = { kind: 'done', text: await work() };
      void cache.invalidateQueries({ key: [...keys.ofConnection(toValue(id))] }).catch(() => undefined);
      void cache.invalidateQueries({ key: [...keys.connections] }).catch(() => undefined);
      return true;
    } catch (error) {
      outcome.value = { kind: 'failed', problem: toApiProblem(error) };
      return false;
    } finally {
      busy.value = undefined;
    }
  }

  return {
    busy,
    outcome,
    syncNow: () => act('sync', async () => t((await api.startSync(toValue(id))).alreadyOpen ? 'connection.syncAlready' : 'connection.syncStarted')),
    disconnect: (data: 'keep' | 'erase') => act('disconnect', async () => t((await api.disconnect(toValue(id), data)).revoked ? 'connection.done' : 'connection.doneNoRevoke')),
  };
}
