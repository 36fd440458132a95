import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('runs at most so many works at once, in order, also when one fails', async () => {
  const turns = new Turns(2);
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const works = [1, 2, 3, 4, 5, 6].map((n) => turns.take(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done.push(n);
    if (n === 2) throw new Error('two');
  }));
  expect((await Promise.allSettled(works)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(most).toBe(2);
  expect(done).toEqual([1, 2, 3, 4, 5, 6]);
});
