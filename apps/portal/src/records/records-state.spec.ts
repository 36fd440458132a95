import { expect, it } from 'vitest';
import { agreement, nextSort, recordsOfQuery } from './records-state.ts';

const from = (value: string, unit: string) => recordsOfQuery({ filter: 'drill:x', of: 'Open pipeline', value, metric: 'pipeline.open_amount', unit, currency: 'EUR' });

it('says that records add up to the figure, whatever the number of zeros', () => {
  expect(agreement(from('278900.50', 'money'), { 'pipeline.open_amount': '278900.5' }, 19)).toBe('equal');
  expect(agreement(from('278900.50', 'money'), { 'pipeline.open_amount': '278900.51' }, 19)).toBe('differs');
});

it('compares a count with the number of records', () => {
  expect(agreement(from('19', 'count'), undefined, 19)).toBe('equal');
  expect(agreement(from('19', 'count'), undefined, 20)).toBe('differs');
});

it('claims nothing when there is nothing to compare', () => {
  expect(agreement(from('0.38', 'ratio'), undefined, 19)).toBeUndefined();
  expect(agreement(recordsOfQuery({}), undefined, 19)).toBeUndefined();
});

it('turns the order with each click: down, up, none', () => {
  expect([undefined, '-Amount', 'Amount', '-Name'].map((sort) => nextSort(sort, 'Amount'))).toEqual(['-Amount', 'Amount', undefined, '-Amount']);
});
