import { computed, watch, type ShallowRef, type WritableComputedRef } from 'vue';
import type { Outcome } from './use-action.ts';

/** The outcome to show on a page whose parts act each for itself: a new one takes the place of those before. Setting undefined takes it away. */
export function useLastOutcome(...outcomes: readonly ShallowRef<Outcome | undefined>[]): WritableComputedRef<Outcome | undefined> {
  const clear = (kept?: ShallowRef<Outcome | undefined>): void => {
    for (const outcome of outcomes) if (outcome !== kept) outcome.value = undefined;
  };
  for (const outcome of outcomes) watch(outcome, (value) => value !== undefined && clear(outcome), { flush: 'sync' });
  return computed({ get: () => outcomes.map(({ value }) => value).find((value) => value !== undefined), set: () => clear() });
}
