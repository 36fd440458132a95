import { shallowRef } from 'vue';
import { toApiProblem, type ApiProblem } from './problem.ts';
import { useFreshSignIn } from './fresh-sign-in.ts';

/** How the last action went. */
export type Outcome = { readonly kind: 'done'; readonly text: string } | { readonly kind: 'failed'; readonly problem: ApiProblem };

/**
 * One action at a time of a page; its outcome stays until the next one.
 * A refusal for want of a fresh sign-in opens the way to one instead of being shown as a failure.
 */
export function useAction<Kind extends string>() {
  const freshSignIn = useFreshSignIn();
  const busy = shallowRef<Kind>();
  const outcome = shallowRef<Outcome>();

  /** @returns what the work gave; undefined when it failed */
  async function act<Result>(kind: Kind, work: () => Promise<Result>, text?: (result: Result) => string): Promise<Result | undefined> {
    busy.value = kind;
    outcome.value = undefined;
    try {
      const result = await work();
      if (text !== undefined) outcome.value = { kind: 'done', text: text(result) };
      return result;
    } catch (error) {
      if (!freshSignIn.asks(error)) outcome.value = { kind: 'failed', problem: toApiProblem(error) };
      return undefined;
    } finally {
      busy.value = undefined;
    }
  }
  return { busy, outcome, act };
}
