import { inject, provide, readonly, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import { ApiProblem } from './problem.ts';

export interface FreshSignIn {
  /** Whether something waits for a fresh sign-in. */
  readonly wanted: Readonly<ShallowRef<boolean>>;
  /** Opens the way to a fresh sign-in when this is what an action failed for. */
  asks(error: unknown): boolean;
  close(): void;
}

const FRESH_SIGN_IN: InjectionKey<FreshSignIn> = Symbol('fresh-sign-in');

/** Whether an action was refused only because the last sign-in is too long ago. */
export function needsFreshSignIn(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'FRESH_SIGN_IN_NEEDED';
}

/** Owns the question for a fresh sign-in; called once, by the app. */
export function provideFreshSignIn(): FreshSignIn {
  const wanted = shallowRef(false);
  const freshSignIn: FreshSignIn = {
    wanted: readonly(wanted),
    asks(error) {
      if (!needsFreshSignIn(error)) return false;
      wanted.value = true;
      return true;
    },
    close: () => void (wanted.value = false),
  };
  provide(FRESH_SIGN_IN, freshSignIn);
  return freshSignIn;
}

/** The question for a fresh sign-in; without an app around, nothing asks. */
export function useFreshSignIn(): FreshSignIn {
  return inject(FRESH_SIGN_IN, { wanted: shallowRef(false), asks: () => false, close: () => undefined });
}
