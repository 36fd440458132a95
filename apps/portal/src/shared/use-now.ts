import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** The present, in milliseconds, moving every `everyMs` while somebody looks. */
export function useNow(everyMs = 10_000): Readonly<ShallowRef<number>> {
  const now = shallowRef(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
