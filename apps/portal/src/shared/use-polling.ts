import { onScopeDispose, watch, type Ref } from 'vue';

/** Does something every `everyMs` while a condition holds. */
export function usePolling(wanted: Readonly<Ref<boolean>>, everyMs: number, act: () => void): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  watch(wanted, (now) => {
    stop();
    if (now) timer = setInterval(act, everyMs);
  }, { immediate: true });
  onScopeDispose(stop);
}
