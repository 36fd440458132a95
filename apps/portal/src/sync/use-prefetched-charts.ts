import { onMounted } from 'vue';

const idleWithinMs = 2_000;

/** Fetches the code of the charts while a sync is watched, so that the first board need not wait for it. */
export function usePrefetchedCharts(): void {
  onMounted(() => {
    // A failure shows where the charts are really needed.
    const fetchCode = (): void => void import('../shared/chart/EChart.vue').catch(() => undefined);
    if ('requestIdleCallback' in window) requestIdleCallback(fetchCode, { timeout: idleWithinMs });
    else setTimeout(fetchCode, idleWithinMs);
  });
}
