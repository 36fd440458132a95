import type { LiveMessage, ObjectProgress, SyncRun } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { withProgress } from './patch-progress.ts';

const connectionId = '018f3c6e-7a10-7cc2-9d5e-0a1b2c3d4e5f';

function progress(object: string, rowsDone: number): ObjectProgress {
  return { object, label: object, status: 'extracting', step: 'Reading', rowsDone, rowsTotal: 100, rowsPerSecond: 10, etaSeconds: null, api: 'bulk', apiCalls: 1 };
}

function aRun(status: SyncRun['status'], ...objects: ObjectProgress[]): SyncRun {
  return {
    id: connectionId, kind: 'first', status, startedAt: '2026-11-25T10:00:00Z', finishedAt: null, rows: 0, apiCalls: 0, estimate: null, reasons: [], firstBoardSeconds: 9,
    objects: objects.map((object) => ({ ...object, receipts: [] })),
  };
}

function hint(...objects: ObjectProgress[]): Extract<LiveMessage, { type: 'sync.progress' }> {
  return { type: 'sync.progress', connectionId, runId: connectionId, objects, firstBoardSeconds: 3, estimate: null };
}

it('brings the estimate that was made meanwhile, and keeps it from there on', () => {
  const estimate = { objects: ['Account'], rows: 100, bytes: 1, apiCalls: 3, minutes: { from: 1, to: 2 }, uncounted: [], countedAt: null, took: null };
  const told = withProgress(aRun('running', progress('Account', 10)), { ...hint(progress('Account', 40)), estimate });
  expect([told.estimate, withProgress(told, hint(progress('Account', 50))).estimate]).toEqual([estimate, estimate]);
});

it('moves forward with a hint', () => {
  const run = withProgress(aRun('running', progress('Account', 10)), hint(progress('Account', 40)));
  expect(run.objects[0]?.rowsDone).toBe(40);
  expect(run.firstBoardSeconds).toBe(3);
});

it('does not go back with a hint that was overtaken', () => {
  const run = withProgress(aRun('running', progress('Account', 40)), hint(progress('Account', 10)));
  expect(run.objects[0]?.rowsDone).toBe(40);
});

it('takes in an object that was not known', () => {
  const run = withProgress(aRun('running', progress('Account', 1)), hint(progress('Lead', 5)));
  expect(run.objects.map(({ object }) => object)).toEqual(['Account', 'Lead']);
});

it('leaves a finished run alone', () => {
  const finished = aRun('complete', progress('Account', 100));
  expect(withProgress(finished, hint(progress('Account', 100), progress('Lead', 1)))).toBe(finished);
});
