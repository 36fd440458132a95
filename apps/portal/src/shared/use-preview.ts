import { useQuery } from '@pinia/colada';
import { refDebounced } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { toApiProblem } from './problem.ts';

/** A rest in typing or choosing after which it is worth asking. */
const restMs = 400;

/**
 * What the server says to something that is not kept yet. The last answer stays until the next one is there.
 * @param wanted undefined while there is nothing to ask
 */
export function usePreview<Wanted extends object, Answer>(key: () => readonly string[], wanted: Readonly<Ref<Wanted | undefined>>, ask: (wanted: Wanted, signal: AbortSignal) => Promise<Answer>) {
  const text = computed(() => (wanted.value === undefined ? undefined : JSON.stringify(wanted.value)));
  const rested = refDebounced(text, restMs);
  const { data, error, asyncStatus, refetch } = useQuery({
    key: () => [...key(), rested.value ?? text.value ?? ''],
    query: ({ signal }) => {
      if (wanted.value === undefined) throw new Error('nothing to ask for');
      return ask(wanted.value, signal);
    },
    enabled: () => text.value !== undefined && (rested.value === undefined || rested.value === text.value),
    placeholderData: (previous: Answer | undefined) => previous,
  });
  return {
    answer: computed(() => (text.value === undefined ? undefined : data.value)),
    /** Whether the answer shown is not yet that to what is wanted now. */
    behind: computed(() => asyncStatus.value === 'loading' || (text.value !== undefined && rested.value !== undefined && rested.value !== text.value)),
    problem: computed(() => (error.value === null ? undefined : toApiProblem(error.value))),
    refetch: () => void refetch(),
  };
}
