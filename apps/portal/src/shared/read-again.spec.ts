// @vitest-environment happy-dom
import { PiniaColada, useQuery, useQueryCache } from '@pinia/colada';
import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { readAgain } from './read-again.ts';

/** A page that shows one figure, of which the test decides when and how each reading ends. */
function aPage() {
  const readings: PromiseWithResolvers<string>[] = [];
  let again: ReturnType<typeof readAgain> | undefined;
  const page = defineComponent({
    setup() {
      again = readAgain(useQueryCache());
      const { data, error } = useQuery({
        key: ['connection', 'c1', 'figures', 'open'],
        query: async () => {
          const reading = Promise.withResolvers<string>();
          readings.push(reading);
          return reading.promise;
        },
      });
      return () => h('p', data.value ?? error.value?.message ?? 'nothing');
    },
  });
  const wrapper = mount(page, { global: { plugins: [createPinia(), PiniaColada] } });
  return { wrapper, readings, news: () => again?.(['connection', 'c1', 'figures']) };
}

it('shows an answer however fast the news comes, and reads once more for all that came meanwhile', async () => {
  const { wrapper, readings, news } = aPage();
  await vi.waitUntil(() => readings.length === 1);
  for (let hint = 0; hint < 5; hint += 1) news();
  expect(readings).toHaveLength(1);
  readings[0]?.resolve('100.00');
  await vi.waitUntil(() => wrapper.text() === '100.00');
  await vi.waitUntil(() => readings.length === 2);
  readings[1]?.resolve('120.00');
  await vi.waitUntil(() => wrapper.text() === '120.00');
  expect(readings).toHaveLength(2);
});

it('reads at once when nothing is under way', async () => {
  const { wrapper, readings, news } = aPage();
  await vi.waitUntil(() => readings.length === 1);
  readings[0]?.resolve('100.00');
  await vi.waitUntil(() => wrapper.text() === '100.00');
  news();
  expect(readings).toHaveLength(2);
});

it('reads once more after a reading that failed', async () => {
  const { wrapper, readings, news } = aPage();
  await vi.waitUntil(() => readings.length === 1);
  news();
  readings[0]?.reject(new Error('away'));
  await vi.waitUntil(() => readings.length === 2);
  readings[1]?.resolve('100.00');
  await vi.waitUntil(() => wrapper.text() === '100.00');
});
