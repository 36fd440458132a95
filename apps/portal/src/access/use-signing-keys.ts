import { useQuery, useQueryCache } from '@pinia/colada';
import type { SigningKeyRequest } from '@tributary/api-contracts';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
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
    const certificate = await act('download', () => accessApi.certificate(keyId), ({ fileName }) => t('access.app.downloaded', { file: fileName }));
    if (certificate === undefined) return;
    saveText(certificate.fileName, certificate.pem);
    // Taking the certificate along moves its key on.
    reread();
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
