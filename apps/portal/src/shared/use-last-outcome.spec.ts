import { shallowRef } from 'vue';
import { expect, it } from 'vitest';
import type { Outcome } from './use-action.ts';
import { useLastOutcome } from './use-last-outcome.ts';

const done = (text: string): Outcome => ({ kind: 'done', text });

it('is the last one, whichever part it came from, and the one before does not come back', () => {
  const [one, other] = [shallowRef<Outcome>(), shallowRef<Outcome>()];
  const shown = useLastOutcome(one, other);
  expect(shown.value).toBeUndefined();
  one.value = done('Paused.');
  other.value = done('A sync has begun.');
  expect([shown.value, one.value]).toEqual([done('A sync has begun.'), undefined]);
  one.value = done('Shared.');
  expect(shown.value).toEqual(done('Shared.'));
  one.value = undefined;
  expect(shown.value).toBeUndefined();
});

it('is taken away from whom it came', () => {
  const [one, other] = [shallowRef<Outcome | undefined>(done('Paused.')), shallowRef<Outcome>()];
  const shown = useLastOutcome(one, other);
  shown.value = undefined;
  expect([one.value, shown.value]).toEqual([undefined, undefined]);
});
