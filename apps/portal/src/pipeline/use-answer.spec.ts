// @vitest-environment happy-dom
import { PiniaColada } from '@pinia/colada';
import { mount } from '@vue/test-utils';
import type { QueryAnswer } from '@tributary/api-contracts';
import { createPinia } from 'pinia';
import { afterEach, expect, it, vi } from 'vitest';
import { defineComponent, h, nextTick, shallowRef } from 'vue';
import { useAnswer, type Answering } from './use-answer.ts';

afterEach(() => vi.unstubAllGlobals());

function answerOf(value: string): QueryAnswer {
  return {
    columns: [{ key: 'pipeline.open_amount', label: 'Open', kind: 'metric', type: 'decimal' }], rows: [{ 'pipeline.open_amount': value }], truncated: false,
    asOf: { asked: 'now', data: null, version: '1' }, coverage: { status: 'complete', objects: [], notes: [] }, definitions: {},
  };
}

/** A server that answers when the test says so, in any order. */
function heldServer() {
  const waiting: { readonly owner: string; readonly answer: (value: string) => void }[] = [];
  vi.stubGlobal('fetch', (_address: string, init: RequestInit) => new Promise<Response>((resolve) => {
    const { queries: [{ filters }] } = JSON.parse(String(init.body));
    waiting.push({ owner: filters[0]?.value ?? 'everyone', answer: (value) => resolve(new Response(JSON.stringify({ answers: [{ answer: answerOf(value) }] }))) });
  }));
  return waiting;
}

function asking(owner: { value: string }) {
  const held: { answering?: Answering } = {};
  const page = defineComponent({
    setup() {
      const answering = useAnswer('c1', () => ({ metrics: ['pipeline.open_amount'], filters: [{ field: 'owner', op: 'eq', value: owner.value }] }));
      held.answering = answering;
      return () => h('p', String(answering.answer.value?.rows[0]?.['pipeline.open_amount'] ?? 'nothing'));
    },
  });
  const wrapper = mount(page, { global: { plugins: [createPinia(), PiniaColada] } });
  return { wrapper, held };
}

it('keeps the old figure until the new one is here, and marks it', async () => {
  const owner = shallowRef('anna');
  const waiting = heldServer();
  const { wrapper, held } = asking(owner);
  await vi.waitUntil(() => waiting.length === 1);
  waiting[0]?.answer('100.00');
  await vi.waitUntil(() => wrapper.text() === '100.00');

  owner.value = 'ben';
  await vi.waitUntil(() => waiting.length === 2);
  expect(wrapper.text()).toBe('100.00');
  expect(held.answering?.updating.value).toBe(true);
  waiting[1]?.answer('50.00');
  await vi.waitUntil(() => wrapper.text() === '50.00');
  expect(held.answering?.updating.value).toBe(false);
});

it('never lets an older answer overwrite a newer one, whatever the order of arrival', async () => {
  const owner = shallowRef('anna');
  const waiting = heldServer();
  const { wrapper } = asking(owner);
  await vi.waitUntil(() => waiting.length === 1);
  owner.value = 'ben';
  await vi.waitUntil(() => waiting.length === 2);
  waiting[1]?.answer('50.00');
  await vi.waitUntil(() => wrapper.text() === '50.00');
  waiting[0]?.answer('100.00');
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(wrapper.text()).toBe('50.00');
});

it('drops the answer of a question that was asked again', async () => {
  const owner = shallowRef('anna');
  const waiting = heldServer();
  const { wrapper, held } = asking(owner);
  await vi.waitUntil(() => waiting.length === 1);
  held.answering?.retry();
  await vi.waitUntil(() => waiting.length === 2);
  waiting[1]?.answer('2.00');
  await vi.waitUntil(() => wrapper.text() === '2.00');
  waiting[0]?.answer('1.00');
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(wrapper.text()).toBe('2.00');
});
