import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

/** A condition that counts only after it has held for a while; it ends at once. */
export function useLasting(condition: () => boolean, forMs: number): Readonly<ShallowRef<boolean>> {
  const lasting = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(condition, (holds) => {
    clearTimeout(timer);
    if (!holds) lasting.value = false;
    else timer = setTimeout(() => (lasting.value = true), forMs);
  }, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return lasting;
}
