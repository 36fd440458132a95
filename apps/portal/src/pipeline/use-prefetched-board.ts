import { useQueryCache } from '@pinia/colada';
import { onMounted, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { questionsOf } from './board-queries.ts';
import { defaultBoard } from './board-state.ts';
import { answerQuery } from './use-answer.ts';

const idleWithinMs = 2_000;

/** Fetches the code of the board while a page leads to it, and its figures once there is something to see, so that opening it need not wait. A failure shows on the board itself. */
export function usePrefetchedBoard(connectionId: MaybeRefOrGetter<string>, ready: MaybeRefOrGetter<boolean>): void {
  const cache = useQueryCache();
  onMounted(() => whenIdle(() => {
    for (const code of [import('./PipelinePage.vue'), import('../shared/chart/EChart.vue')]) code.catch(() => undefined);
  }));
  watch(() => toValue(ready), (now) => {
    if (!now) return;
    for (const question of questionsOf(defaultBoard)) cache.refresh(cache.ensure(answerQuery(toValue(connectionId), question))).catch(() => undefined);
  }, { immediate: true });
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: idleWithinMs });
  else setTimeout(work, idleWithinMs);
}
