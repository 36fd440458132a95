import { useToast } from '@nuxt/ui/composables/useToast';
import { useQueryCache } from '@pinia/colada';
import { shallowRef, type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { api } from '../shared/api.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem, type ApiProblem } from '../shared/problem.ts';
import { useProblemText } from '../shared/use-problem-text.ts';

/** What a person can do with a connection; the outcome is told in words. */
export function useConnectionActions(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const toast = useToast();
  const textOf = useProblemText();
  const busy = shallowRef<'sync' | 'disconnect'>();

  async function act(kind: 'sync' | 'disconnect', work: () => Promise<string>): Promise<boolean> {
    busy.value = kind;
    try {
      toast.add({ title: await work(), color: 'neutral', icon: 'i-lucide-check' });
      void cache.invalidateQueries({ key: [...keys.ofConnection(toValue(id))] }).catch(() => undefined);
      void cache.invalidateQueries({ key: [...keys.connections] }).catch(() => undefined);
      return true;
    } catch (error) {
      const problem: ApiProblem = toApiProblem(error);
      const { what, action } = textOf(problem);
      toast.add({ title: what, description: `${action} (${problem.code}${problem.correlationId === undefined ? '' : `, ${problem.correlationId}`})`, color: 'error', icon: 'i-lucide-triangle-alert', duration: 12_000 });
      return false;
    } finally {
      busy.value = undefined;
    }
  }

  return {
    busy,
    syncNow: () => act('sync', async () => t((await api.startSync(toValue(id))).alreadyOpen ? 'connection.syncAlready' : 'connection.syncStarted')),
    disconnect: (data: 'keep' | 'erase') => act('disconnect', async () => t((await api.disconnect(toValue(id), data)).revoked ? 'connection.done' : 'connection.doneNoRevoke')),
  };
}
