import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';

/** A text for screen readers that follows another, but speaks at most once per `everyMs`; the last word is never lost. */
export function useAnnounced(text: Readonly<Ref<string>>, everyMs = 10_000): Readonly<ShallowRef<string>> {
  const spoken = shallowRef('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (next) => {
    if (timer !== undefined) return;
    spoken.value = next;
    timer = setTimeout(() => {
      timer = undefined;
      spoken.value = text.value;
    }, everyMs);
  }, { immediate: true });
  return spoken;
}
