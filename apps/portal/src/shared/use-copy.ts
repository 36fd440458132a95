import { onScopeDispose, readonly, shallowRef } from 'vue';

/** How long "copied" is shown. */
const shownMs = 3_000;

/** Puts text on the clipboard and says so for a moment. */
export function useCopy() {
  const copied = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => (copied.value = false), shownMs);
  }
  onScopeDispose(() => clearTimeout(timer));
  return { copied: readonly(copied), copy };
}
