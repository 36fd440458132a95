import { onScopeDispose } from 'vue';
import { actionOf, type ShortcutAction } from './shortcuts.ts';

/** How long the second key of a pair may take. */
const pairMs = 1_200;

/** Listens to the keyboard, except while somebody types. */
export function useShortcuts(act: (action: ShortcutAction) => void): void {
  let before: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event, before);
    clearTimeout(timer);
    before = undefined;
    if (action === undefined || (action !== 'palette' && isTyping(event.target))) return;
    if (action === 'leader') {
      before = 'g';
      timer = setTimeout(() => (before = undefined), pairMs);
      return;
    }
    event.preventDefault();
    act(action);
  };
  addEventListener('keydown', onKey);
  onScopeDispose(() => {
    clearTimeout(timer);
    removeEventListener('keydown', onKey);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('[role=menu],[role=listbox],[role=dialog]') !== null);
}
