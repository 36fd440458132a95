import { useI18n } from 'vue-i18n';
import type { ApiProblem } from './problem.ts';

/** Codes the portal explains in its own words; `dataset.not_ready` comes in the spelling of queries. */
const own: Readonly<Record<string, 'OFFLINE' | 'SERVER_UNREACHABLE' | 'ANSWER_INVALID' | 'UNEXPECTED' | 'DATASET_NOT_READY'>> = {
  OFFLINE: 'OFFLINE',
  SERVER_UNREACHABLE: 'SERVER_UNREACHABLE',
  ANSWER_INVALID: 'ANSWER_INVALID',
  UNEXPECTED: 'UNEXPECTED',
  'dataset.not_ready': 'DATASET_NOT_READY',
  DATASET_NOT_READY: 'DATASET_NOT_READY',
};

/** What happened and what to do, in words: the portal's own where it has some, else the server's. */
export function useProblemText(): (problem: ApiProblem) => { what: string; action: string } {
  const { t } = useI18n();
  return (problem) => {
    const code = own[problem.code];
    if (code !== undefined) return { what: t(`problem.codes.${code}.what`), action: t(`problem.codes.${code}.action`) };
    return { what: problem.detail || t('problem.fallback.what'), action: problem.action ?? t('problem.fallback.action') };
  };
}
