// @vitest-environment happy-dom
import { PiniaColada } from '@pinia/colada';
import { mount } from '@vue/test-utils';
import type { QueryAnswer } from '@tributary/api-contracts';
import { createPinia } from 'pinia';
import { afterEach, expect, it, vi } from 'vitest';
import { computed, defineComponent, h, shallowRef } from 'vue';
import { defaultBoard } from './board-state.ts';
import { openQueries } from './board-queries.ts';
import { useAnswer } from './use-answer.ts';
import { usePrefetchedBoard } from './use-prefetched-board.ts';

vi.mock('./PipelinePage.vue', () => ({ default: {} }));
vi.mock('../shared/chart/EChart.vue', () => ({ default: {} }));
afterEach(() => vi.unstubAllGlobals());

const answer: QueryAnswer = {
  columns: [], rows: [{ 'pipeline.open_amount': '7.00' }], truncated: false, asOf: { asked: 'now', data: null, version: '1' }, coverage: { status: 'complete', objects: [], notes: [] }, definitions: {},
};

it('asks nothing before there is something to see, then everything at once, and the board asks none of it again', async () => {
  const requests: number[] = [];
  vi.stubGlobal('fetch', async (_address: string, { body }: { body: string }) => {
    const { queries } = JSON.parse(body) as { queries: unknown[] };
    requests.push(queries.length);
    return new Response(JSON.stringify({ answers: queries.map(() => ({ answer })) }));
  });
  const [ready, opened] = [shallowRef(false), shallowRef(false)];
  const board = defineComponent({
    setup() {
      const { answer: shown } = useAnswer('c1', () => openQueries.open(defaultBoard));
      const text = computed(() => String(shown.value?.rows[0]?.['pipeline.open_amount'] ?? 'nothing'));
      return () => h('p', text.value);
    },
  });
  const page = defineComponent({
    setup() {
      usePrefetchedBoard('c1', ready);
      return () => (opened.value ? h(board) : h('i'));
    },
  });
  const wrapper = mount(page, { global: { plugins: [createPinia(), PiniaColada] } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(requests).toEqual([]);
  ready.value = true;
  await vi.waitUntil(() => requests.length > 0);
  opened.value = true;
  await vi.waitUntil(() => wrapper.text() === '7.00');
  expect(requests).toEqual([15]);
});
