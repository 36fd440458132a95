// @vitest-environment happy-dom
import type { RunEstimate, SyncRun } from '@tributary/api-contracts';
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { i18n } from '../../app/i18n.ts';
import EstimateLine from './EstimateLine.vue';

const estimate: RunEstimate = { objects: ['Account', 'Odd'], rows: 1_234_000, bytes: 400_000_000, apiCalls: 150, minutes: { from: 4.2, to: 6.1 }, uncounted: [], countedAt: '2026-11-01T10:00:00.000Z', took: null };
const shown = (some: Partial<RunEstimate> | null, status: SyncRun['status'] = 'running') => mount(EstimateLine, { props: { run: { status, estimate: some === null ? null : { ...estimate, ...some } } }, global: { plugins: [i18n] } }).text();

it('says before the first row what a run takes: rows, storage, calls and time', () => {
  expect(shown({})).toBe('Estimated: 1.23M rows, 400 MB, 150 API calls, 4 min to 6 min.');
});

it('names what nobody counted, and invents no number without a count', () => {
  expect(shown({ uncounted: ['Odd'] })).toMatch(/400 MB.*Salesforce gives no count of Odd; it comes on top\./);
  expect(shown({ rows: null, bytes: null, apiCalls: null, minutes: null, uncounted: ['Account', 'Odd'], countedAt: null })).toMatch(/^Salesforce gives no counts[^\d]*$/);
});

it('compares it with what a complete run took, and with nothing else', () => {
  const took = { rows: 1_240_000, bytes: 380_000_000, apiCalls: 141, minutes: 0.4 };
  expect(shown({ took }, 'complete')).toMatch(/6 min\.\s*It took 1\.24M rows, 380 MB, 141 API calls, 24 sec\.$/);
  expect([shown({ took }, 'partial'), shown({})].map((text) => text.includes('It took'))).toEqual([false, false]);
  expect(shown(null)).toBe('');
});
