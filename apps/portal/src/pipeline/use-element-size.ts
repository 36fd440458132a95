import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

/** Width of an element in pixels; 0 until it is known. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<ShallowRef<number>> {
  const width = shallowRef(0);
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) width.value = Math.round(entry.contentRect.width);
  });
  watch(element, (next, before) => {
    if (before) observer.unobserve(before);
    if (next) observer.observe(next);
  }, { immediate: true });
  onScopeDispose(() => observer.disconnect());
  return width;
}
