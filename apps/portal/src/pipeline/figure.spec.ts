import type { QueryAnswer } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { figureOf, labelOf } from './figure.ts';

const answer: QueryAnswer = {
  columns: [
    { key: 'owner', label: 'Owner', kind: 'dimension', type: 'id', labelKey: 'owner.label' },
    { key: 'win_rate.by_count', label: 'Win rate', kind: 'metric', type: 'decimal', unit: 'ratio', numeratorKey: 'win_rate.by_count.n', denominatorKey: 'win_rate.by_count.d' },
  ],
  rows: [
    { owner: '005A', 'owner.label': 'Anna', 'win_rate.by_count': '1.000000', 'win_rate.by_count.n': '3', 'win_rate.by_count.d': '3', _drill: 'drill:a' },
    { owner: '005B', 'win_rate.by_count': null, 'win_rate.by_count.n': '0', 'win_rate.by_count.d': '0', _why: { 'win_rate.by_count': 'denominator_zero' }, _drill: { 'win_rate.by_count': 'drill:b' } },
  ],
  truncated: false, asOf: { asked: 'now', data: null, version: '1' }, coverage: { status: 'complete', objects: [], notes: [] },
  definitions: { 'win_rate.by_count': { version: 1, label: 'Win rate', text: '', formula: '', timeField: 'Opportunity.CloseDate' } },
};

it('takes a ratio with both its members and the way to its records', () => {
  expect(figureOf(answer, 'win_rate.by_count')).toMatchObject({ value: '1.000000', numerator: '3', denominator: '3', drill: 'drill:a', object: 'Opportunity' });
});

it('tells why there is no value instead of inventing a zero', () => {
  expect(figureOf(answer, 'win_rate.by_count', answer.rows[1])).toMatchObject({ value: null, why: 'denominator_zero', drill: 'drill:b' });
});

it('names an owner by the label, and by the id only when there is none', () => {
  expect(answer.rows.map((row) => labelOf(answer, row, 'owner'))).toEqual(['Anna', '005B']);
});
