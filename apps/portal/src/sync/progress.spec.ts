import type { ObjectProgress, Receipt, SyncRun } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { overallOf, progressLooks, receiptsOf } from './progress.ts';

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

function receipt(part: Partial<Receipt>): Receipt {
  return {
    id: '0199aa00-0000-7000-8000-000000000005', object: 'Account', api: 'bulk', sourceCount: 100, jobCount: 100, pages: 2, parsed: 100, inserted: 100, updated: 0, unchanged: 0, superseded: 0, tombstones: 0, substitutions: 0,
    apiCalls: 5, windowFrom: null, windowUntil: null, settledUntil: null, complete: true, reason: null, committedAt: '2026-03-02T09:14:00.000Z', ...part,
  };
}

function aRun(...receipts: Receipt[]): SyncRun {
  return {
    id: '0199aa00-0000-7000-8000-000000000004', kind: 'first', status: 'complete', startedAt: '2026-03-02T09:14:00.000Z', finishedAt: null, rows: 0, apiCalls: 0, estimate: null, reasons: [], firstBoardSeconds: null,
    objects: [{ ...object({ status: 'complete' }), receipts }],
  };
}

it('adds up what the source, the jobs and the pages say of the windows of an object', () => {
  expect(receiptsOf(aRun(receipt({}), receipt({ sourceCount: 7, jobCount: 7, pages: 1, parsed: 8, superseded: 1 })))).toMatchObject([{ windows: 2, source: 107, job: 107, pages: 3, parsed: 108, superseded: 1 }]);
});

it('claims no sum of which a part is not known: REST has no job, and older receipts count no pages', () => {
  const { pages: _pages, superseded: _superseded, ...older } = receipt({ api: 'rest', sourceCount: null, jobCount: null });
  expect(receiptsOf(aRun(receipt({}), older))).toMatchObject([{ source: undefined, job: undefined, pages: undefined, parsed: 200, superseded: 0 }]);
});
