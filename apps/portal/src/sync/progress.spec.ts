import type { ObjectProgress } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { overallOf, progressLooks } from './progress.ts';

function object(part: Partial<ObjectProgress>): ObjectProgress {
  return { object: 'Account', label: 'Account', status: 'extracting', step: '', rowsDone: 0, rowsTotal: 100, rowsPerSecond: null, etaSeconds: null, api: 'bulk', apiCalls: 0, ...part };
}

it('adds up rows and paces of what still works', () => {
  const overall = overallOf([object({ status: 'complete', rowsDone: 100, rowsPerSecond: 900 }), object({ rowsDone: 50, rowsPerSecond: 10, etaSeconds: { from: 4, to: 6 } })]);
  expect(overall).toMatchObject({ rowsDone: 150, rowsTotal: 200, share: 0.75, objectsDone: 1, objects: 2, rowsPerSecond: 10, etaSeconds: { from: 4, to: 6 } });
});

it('claims no total while an object is not counted', () => {
  expect(overallOf([object({ rowsDone: 10 }), object({ status: 'waiting', rowsTotal: null })]).rowsTotal).toBeUndefined();
});

it('does not call a run nearly done while most of its objects are not even counted', () => {
  const waiting = Array.from({ length: 3 }, () => object({ status: 'waiting', rowsTotal: null }));
  expect(overallOf([object({ rowsDone: 100, status: 'complete' }), ...waiting]).share).toBe(0.25);
});

it('does not reach the end before every object has ended, even when more rows came than were counted', () => {
  expect(overallOf([object({ rowsDone: 120 })]).share).toBe(0.99);
  expect(overallOf([object({ status: 'partial', rowsDone: 90 })]).share).toBe(1);
});

it('is green for complete alone', () => {
  expect(Object.entries(progressLooks).filter(([, { tone }]) => tone === 'ok').map(([status]) => status)).toEqual(['complete']);
});
