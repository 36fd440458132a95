import { useQueryCache } from '@pinia/colada';
import type { AccessPolicy, Visibility } from '@tributary/api-contracts';
import { toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { keys } from '../shared/keys.ts';
import { useAction } from '../shared/use-action.ts';
import { accessApi } from './access-api.ts';

/** What the person who consented can change about a connection's access; the outcome stays until the next action. */
export function useAccessActions(id: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { busy, outcome, act } = useAction<'policy' | 'pause' | 'share'>();
  const reread = (): void => {
    for (const key of [keys.connection(toValue(id)), keys.connections]) cache.invalidateQueries({ key: [...key] }).catch(() => undefined);
  };
  const after = async <Result>(done: Promise<Result | undefined>): Promise<boolean> => {
    const result = await done;
    if (result !== undefined) reread();
    return result !== undefined;
  };
  return {
    busy,
    outcome,
    setPolicy: (policy: AccessPolicy) => after(act('policy', () => accessApi.setPolicy(toValue(id), policy), () => t('access.policySaved', { policy: t(`access.policies.${policy}`) }))),
    pause: (paused: boolean) => after(act('pause', () => accessApi.pause(toValue(id), paused), () => t(paused ? 'access.paused' : 'access.resumed'))),
    share: (visibility: Visibility) => after(act('share', () => accessApi.share(toValue(id), visibility), () => t(visibility === 'workspace' ? 'access.sharing.shared' : 'access.sharing.unshared'))),
  };
}
