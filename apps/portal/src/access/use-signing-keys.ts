import { useQuery, useQueryCache } from '@pinia/colada';
import type { SigningKeyRequest } from '@tributary/api-contracts';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../session/use-session.ts';
import { keys } from '../shared/keys.ts';
import { toApiProblem } from '../shared/problem.ts';
import { useAction } from '../shared/use-action.ts';
import { accessApi } from './access-api.ts';
import { keySituationOf, keyToUpload } from './key-situation.ts';
import { saveText } from './save-text.ts';

/** The app's signing keys, making one, and taking its certificate along. */
export function useSigningKeys() {
  const { t } = useI18n();
  const cache = useQueryCache();
  const { permissions } = useSession();
  const { data, error, refetch } = useQuery({ key: [...keys.signingKeys], query: ({ signal }) => accessApi.keys(signal) });
  const { busy, outcome, act } = useAction<'make' | 'download'>();
  const situation = computed(() => (data.value === undefined ? undefined : keySituationOf(data.value.keys)));
  const reread = (): void => void cache.invalidateQueries({ key: [...keys.signingKeys] }).catch(() => undefined);

  async function make(request: SigningKeyRequest): Promise<boolean> {
    const made = await act('make', () => accessApi.makeKey(request), () => t('access.key.made'));
    if (made !== undefined) reread();
    return made !== undefined;
  }

  async function download(keyId: string): Promise<void> {
    await act('download', () => takeAlong(keyId), (fileName) => t('access.app.downloaded', { file: fileName }));
    reread();
  }

  /** The file first: who has it says so. A viewer can read a certificate, and takes part in nothing. */
  async function takeAlong(keyId: string): Promise<string> {
    const { fileName, pem } = await accessApi.certificate(keyId);
    saveText(fileName, pem);
    if (permissions.value.connect) await accessApi.offerKey(keyId);
    return fileName;
  }

  return {
    list: data,
    problem: computed(() => (error.value === null || data.value !== undefined ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
    situation,
    upload: computed(() => (situation.value === undefined ? undefined : keyToUpload(situation.value))),
    busy, outcome, make, download,
  };
}
