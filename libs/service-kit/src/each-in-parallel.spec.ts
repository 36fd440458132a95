import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eachInParallel } from './each-in-parallel.ts';

it('works on so many at a time and gives the results in the order of the items', async () => {
  let [busy, most] = [0, 0];
  const results = await eachInParallel([3, 1, 2, 0], 2, async (turns) => {
    most = Math.max(most, (busy += 1));
    for (let left = turns; left > 0; left -= 1) await turn();
    busy -= 1;
    return turns * 10;
  });
  expect([results, most]).toEqual([[30, 10, 20, 0], 2]);
});

it('begins nothing after a failure, waits for what was begun, and throws the first', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const working = eachInParallel([0, 1, 2, 3], 2, async (item) => {
    begun.push(item);
    await turn();
    if (item === 0) throw new Error('the first');
    await turn();
    ended.push(item);
  });
  await expect(working).rejects.toThrow('the first');
  expect([begun, ended]).toEqual([[0, 1], [1]]);
});
