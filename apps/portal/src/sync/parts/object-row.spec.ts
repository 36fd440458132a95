// @vitest-environment happy-dom
import type { SyncRunObject } from '@tributary/api-contracts';
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { i18n } from '../../app/i18n.ts';
import ObjectRow from './ObjectRow.vue';

const loading: SyncRunObject = {
  object: 'Opportunity', label: 'Opportunities', status: 'extracting', step: 'Reading page 3', rowsDone: 12_500, rowsTotal: 50_000, rowsPerSecond: 4_210.4, etaSeconds: { from: 8, to: 11 }, api: 'bulk', apiCalls: 7, receipts: [],
};
const shown = (object: SyncRunObject) => mount(ObjectRow, { props: { object }, global: { plugins: [i18n], stubs: { AppMark: true } } });

it('says of an object that is copied how far it is, how fast, and when it will be there', () => {
  const row = shown(loading);
  const bar = row.get('[role=progressbar]');
  expect([bar.attributes('aria-label'), bar.attributes('aria-valuenow')]).toEqual(['Opportunities', '25']);
  expect(row.text()).toContain('Reading page 3');
  expect(row.text()).toMatch(/12,500 of 50,000/);
  expect(row.text()).toMatch(/4,210/);
  expect(row.text()).toMatch(/8.*11/);
});

it('names no share and no end of what nobody has counted', () => {
  const row = shown({ ...loading, rowsTotal: null, rowsPerSecond: null, etaSeconds: null });
  expect(row.get('[role=progressbar]').attributes('aria-valuenow')).toBeUndefined();
  expect(row.text()).toMatch(/12,500/);
  expect(row.text()).not.toMatch(/50,000|4,210/);
});
