import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Whether the browser believes to have a network. */
export function useOnline(): Readonly<ShallowRef<boolean>> {
  const online = shallowRef(navigator.onLine);
  const read = (): void => void (online.value = navigator.onLine);
  addEventListener('online', read);
  addEventListener('offline', read);
  onScopeDispose(() => {
    removeEventListener('online', read);
    removeEventListener('offline', read);
  });
  return online;
}
