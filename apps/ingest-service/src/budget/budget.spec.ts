import fc from 'fast-check';
import { expect, it } from 'vitest';
import { affordable, ceilingOf, runCeilingOf } from './budget.ts';
import { isTidying, laneOf, purposeOf } from './call-kind.ts';
import { callsPerDay, forecastOf } from './forecast.ts';
import { Lane } from './lane.ts';

it('leaves the rest of the limit to others from 80 % on, and gives a run a quarter', () => {
  expect([ceilingOf(1_000), ceilingOf(999), ceilingOf(1_000, 0.5)]).toEqual([800, 799, 500]);
  expect([runCeilingOf(1_000), runCeilingOf(1_000, 0.01), runCeilingOf(2)]).toEqual([250, 10, 1]);
});

it('sheds from the end of the order of value, and never takes less valuable objects in place of more valuable ones', () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 20 })), fc.nat({ max: 100 }), (costs, room) => {
    const { taken, left } = affordable(costs, (cost) => cost, room);
    expect([...taken, ...left]).toEqual(costs);
    expect(taken.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(room);
    if (left[0] !== undefined) expect(taken.reduce((sum, cost) => sum + cost, left[0])).toBeGreaterThan(room);
  }));
});

it('tells by method and path what a call is for', () => {
  const root = '/services/data/v66.0';
  const calls: readonly (readonly [string, string, string])[] = [
    ['GET', '/services/data', 'versions'], ['GET', `${root}/limits`, 'limits'], ['GET', `${root}/limits/recordCount`, 'record-counts'], ['GET', `${root}/sobjects`, 'objects'], ['GET', `${root}/query`, 'setup'], ['GET', `${root}/sobjects/Account/describe`, 'describe'],
    ['GET', `${root}/sobjects/Account/deleted/`, 'deletions'], ['GET', `${root}/queryAll`, 'query'], ['GET', `${root}/query/01g-2000`, 'query'], ['POST', `${root}/jobs/query`, 'job-create'], ['GET', `${root}/jobs/query/750`, 'job-state'],
    ['GET', `${root}/jobs/query/750/results`, 'job-results'], ['GET', `${root}/jobs/query/750/resultPages`, 'job-pages'], ['PATCH', `${root}/jobs/query/750`, 'job-abort'], ['DELETE', `${root}/jobs/query/750`, 'job-delete'], ['GET', '/id/00D/005', 'other'],
  ];
  expect(calls.map(([method, path]) => purposeOf(method, path))).toEqual(calls.map(([, , purpose]) => purpose));
  expect([laneOf('query'), laneOf('job-results'), laneOf('describe')]).toEqual(['query', 'download', undefined]);
  expect([isTidying('job-delete'), isTidying('query')]).toEqual([true, false]);
});

it('lets as many through as a lane is wide, the others in the order of their coming', async () => {
  const lane = new Lane(2);
  const [first, second] = [await lane.enter(), await lane.enter()];
  const came: number[] = [];
  const third = lane.enter().then((leave) => (came.push(3), leave));
  const fourth = lane.enter().then((leave) => (came.push(4), leave));
  expect([lane.inside, came]).toEqual([2, []]);
  first();
  first();
  await third;
  expect([lane.inside, came]).toEqual([2, [3]]);
  second();
  (await third)();
  (await fourth)();
  expect([lane.inside, came]).toEqual([0, [3, 4]]);
});

it('forecasts calls a day and compares them with what others leave', () => {
  // 288 runs: 288 looks at the schema, 24 at the limits; 2 objects at 1.5 calls each run, 96 questions for deletions, 24 descriptions and a look at the setup each.
  expect(callsPerDay([300, 300], 300, 7)).toBe(288 + 24 + 2 * (432 + 96 + 24 + 1) + 7);
  expect(callsPerDay([7_200], 7_200, 0)).toBe(12 + 12 + 18 + 12 + 12 + 1);
  expect(callsPerDay([], 300, 7)).toBe(0);
  const usage = { used: 5_000, limit: 10_000, own: 1_000 };
  expect(forecastOf({ intervals: [300, 300], runEverySeconds: 300, formulaCalls: 0, totalShare: 0.8, usage })).toMatchObject({ runsPerDay: 288, ceiling: 8_000, usedByOthers: 4_000, fits: true });
  expect(forecastOf({ intervals: Array.from({ length: 17 }, () => 60), runEverySeconds: 60, formulaCalls: 0, totalShare: 0.8, usage }).fits).toBe(false);
  expect(forecastOf({ intervals: [60], runEverySeconds: 60, formulaCalls: 0, totalShare: 0.8, usage: undefined })).toMatchObject({ limit: null, fits: true });
});
