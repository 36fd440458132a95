import { useQueryCache, type QueryCache } from '@pinia/colada';
import type { LiveMessage } from '@tributary/api-contracts';
import { inject, onScopeDispose, provide, readonly, shallowRef, watch, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import { keys } from './keys.ts';
import { keepLive, type EventStream, type LiveState } from './live.ts';
import { patchProgress } from './patch-progress.ts';
import { readAgain } from './read-again.ts';

const LIVE: InjectionKey<Readonly<ShallowRef<LiveState>>> = Symbol('live');
/** Hints in a burst cause one reading. */
const gatherMs = 250;

/** Keeps the one event stream of the page while somebody is signed in. Called once, by the app. */
export function provideLive(signedIn: Ref<boolean>, open: () => EventStream = () => new EventSource('/api/live')): Readonly<ShallowRef<LiveState>> {
  const cache = useQueryCache();
  const state = shallowRef<LiveState>('connecting');
  let stop: (() => void) | undefined;
  watch(signedIn, (present) => {
    stop?.();
    stop = present ? keepLive({ open, onState: (next) => (state.value = next), ...hintsTo(cache) }) : undefined;
  }, { immediate: true });
  onScopeDispose(() => stop?.());
  provide(LIVE, readonly(state));
  return readonly(state);
}

/** State of the event stream. */
export function useLive(): Readonly<ShallowRef<LiveState>> {
  return inject(LIVE, shallowRef<LiveState>('away'));
}

/** What each hint means for what was read before. */
export function hintsTo(cache: QueryCache) {
  const again = readAgain(cache);
  const stale = new Map<string, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reread = (key: readonly string[]): void => {
    stale.set(JSON.stringify(key), key);
    timer ??= setTimeout(() => {
      timer = undefined;
      const due = [...stale.values()];
      stale.clear();
      for (const one of due) again(one);
    }, gatherMs);
  };
  const rereadAll = (): void => {
    reread(keys.connections);
    reread(['connection']);
  };
  const onMessage = (message: LiveMessage): void => {
    const id = message.connectionId;
    switch (message.type) {
      case 'sync.progress':
        return patchProgress(cache, message) ? undefined : reread(keys.connection(id));
      case 'sync.finished':
        reread(keys.connections);
        return reread(keys.ofConnection(id));
      case 'dataset.refreshed':
        return reread(keys.figures(id));
      case 'connection.changed':
        reread(keys.connections);
        return reread(keys.connection(id));
      default:
        return message satisfies never;
    }
  };
  return { onMessage, onReturn: rereadAll, onPoll: rereadAll };
}
