import { onScopeDispose, readonly, shallowRef } from 'vue';
import { noteAttempt, openAttempt, settleAttempt } from './consent-attempt.ts';

/** Notes each time the browser leaves for Salesforce by a link of the portal. Called once, by the app. */
export function watchAttempts(): void {
  const onClick = ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest('a[href^="/connect/salesforce"]') !== null) noteAttempt(Date.now());
  };
  addEventListener('click', onClick, { capture: true });
  onScopeDispose(() => removeEventListener('click', onClick, { capture: true }));
}

/** Since when Salesforce owes an answer; pages brought back by the browser's own memory look again. */
export function useConsentAttempt() {
  const since = shallowRef(openAttempt(Date.now()));
  const look = (): void => void (since.value = openAttempt(Date.now()));
  addEventListener('pageshow', look);
  onScopeDispose(() => removeEventListener('pageshow', look));
  const dismiss = (): void => {
    settleAttempt();
    since.value = undefined;
  };
  return { since: readonly(since), dismiss };
}
