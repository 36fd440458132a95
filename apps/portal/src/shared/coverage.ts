import type { CoverageStatus } from '@tributary/api-contracts';
import type { StateLook } from './tone.ts';

/** Only `complete` is ever green. */
export const coverageLooks: Readonly<Record<CoverageStatus, StateLook>> = {
  complete: { tone: 'ok', icon: 'i-lucide-circle-check' },
  loading: { tone: 'busy', icon: 'i-lucide-circle-dashed' },
  partial: { tone: 'warn', icon: 'i-lucide-circle-alert' },
  stale: { tone: 'warn', icon: 'i-lucide-clock-alert' },
  unknown: { tone: 'off', icon: 'i-lucide-circle-help' },
};

const badness: readonly CoverageStatus[] = ['complete', 'loading', 'unknown', 'stale', 'partial'];

/** The worst of several states; undefined when there is none. */
export function worstCoverage(states: readonly (CoverageStatus | undefined)[]): CoverageStatus | undefined {
  const known = states.filter((state) => state !== undefined);
  return badness.findLast((state) => known.includes(state));
}
