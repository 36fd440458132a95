// @vitest-environment happy-dom
import { createApp, h, type App } from 'vue';
import { afterEach, expect, it } from 'vitest';
import { provideFreshSignIn, type FreshSignIn } from './fresh-sign-in.ts';
import { ApiProblem } from './problem.ts';
import { useAction } from './use-action.ts';

const stale = new ApiProblem(403, 'FRESH_SIGN_IN_NEEDED', 'The last sign-in is too long ago.', 'Sign in again.', 'c-1');
const refused = new ApiProblem(403, 'ROLE_INSUFFICIENT', 'Only an owner may do this.', undefined, 'c-2');
const running: App[] = [];
afterEach(() => {
  for (const app of running.splice(0)) app.unmount();
});

/** An action of a page inside of the app that owns the question for a fresh sign-in. */
function anAction() {
  const found: { freshSignIn?: FreshSignIn; action?: ReturnType<typeof useAction<'share'>> } = {};
  const page = { setup: () => { found.action = useAction<'share'>(); return () => null; } };
  const app = createApp({ setup: () => { found.freshSignIn = provideFreshSignIn(); return () => h(page); } });
  app.mount(document.createElement('div'));
  running.push(app);
  if (found.action === undefined || found.freshSignIn === undefined) throw new Error('the page was not drawn');
  return { ...found.action, freshSignIn: found.freshSignIn };
}

it('says how it went and gives what the work gave', async () => {
  const { act, outcome, busy } = anAction();
  const working = act('share', async () => 3, (n) => `${n} shared`);
  expect(busy.value).toBe('share');
  expect(await working).toBe(3);
  expect(outcome.value).toEqual({ kind: 'done', text: '3 shared' });
  expect(busy.value).toBeUndefined();
});

it('shows a failure until the next action', async () => {
  const { act, outcome, freshSignIn } = anAction();
  expect(await act('share', () => Promise.reject(refused))).toBeUndefined();
  expect(outcome.value).toEqual({ kind: 'failed', problem: refused });
  expect(freshSignIn.wanted.value).toBe(false);
  await act('share', async () => true);
  expect(outcome.value).toBeUndefined();
});

it('asks for a fresh sign-in instead of showing a failure', async () => {
  const { act, outcome, freshSignIn } = anAction();
  expect(await act('share', () => Promise.reject(stale))).toBeUndefined();
  expect(outcome.value).toBeUndefined();
  expect(freshSignIn.wanted.value).toBe(true);
  freshSignIn.close();
  expect(freshSignIn.wanted.value).toBe(false);
});
