// @vitest-environment happy-dom
import { CallPurpose, type SalesforceCallRecord } from '@tributary/api-contracts';
import { mount } from '@vue/test-utils';
import { beforeAll, expect, it } from 'vitest';
import { i18n, withTexts } from '../../app/i18n.ts';
import CallTable from './CallTable.vue';

const query: SalesforceCallRecord = {
  id: '0199aa00-0000-7000-8000-000000000001', at: '2026-11-01T10:00:00.000Z', method: 'GET', path: '/services/data/v66.0/queryAll', purpose: 'query', object: 'Account', runId: null, rows: 2_000, status: 200, ms: 812, apiUsed: 4_711, countsAgainstLimit: true,
};
const stream: SalesforceCallRecord = { ...query, method: 'GRPC', path: '/eventbus.v1.PubSub/Subscribe', purpose: 'subscribe', object: null, rows: 1_234, ms: 7_200_000, apiUsed: null, countsAgainstLimit: false };
const shown = (call: SalesforceCallRecord) => mount(CallTable, { props: { calls: [call], labels: new Map([['Account', 'Companies']]) }, global: { plugins: [i18n], stubs: { AppMark: true } } }).get('tbody tr');

beforeAll(withTexts(['calls'], () => Promise.resolve()));

it('shows a call in words, with its path as evidence and the use of the org after it', () => {
  const row = shown(query);
  expect(row.text()).toMatch(/Read rows: Companies.*GET \/services\/data\/v66\.0\/queryAll/);
  expect(row.text()).toMatch(/2,000.*812 ms.*4,711/);
  expect(row.text()).not.toContain('not counted');
});

it('says of a stream how many events came and how long it is open, and that it does not count against the limit', () => {
  const row = shown(stream);
  expect(row.text()).toMatch(/Listen to changes.*GRPC \/eventbus\.v1\.PubSub\/Subscribe/);
  expect(row.text()).toMatch(/1,234 events/);
  expect(row.text()).toMatch(/2 h/);
  expect(row.text()).toContain('not counted');
  expect(row.text()).not.toContain('7,200,000');
});

it.each(CallPurpose.options)('has words for calls made for %s', (purpose) => {
  expect([i18n.global.te(`calls.purpose.${purpose}`, 'en'), shown({ ...query, purpose }).text()]).toEqual([true, expect.not.stringContaining('calls.purpose')]);
});
