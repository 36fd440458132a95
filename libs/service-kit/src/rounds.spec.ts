import { afterEach, expect, it } from 'vitest';
import { Rounds } from './rounds.ts';

let rounds: Rounds | undefined;

afterEach(async () => {
  await rounds?.stop();
});

it('never has two rounds at once, and goes on after one that failed', async () => {
  const counts: number[] = [];
  let [working, most] = [0, 0];
  const fourth = Promise.withResolvers<void>();
  rounds = new Rounds({ name: 'test', everyMs: 1 }, async (count) => {
    most = Math.max(most, ++working);
    counts.push(count);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
    if (count === 3) fourth.resolve();
    if (count === 1) throw new Error('once');
  });
  rounds.start();
  await fourth.promise;
  expect(counts.slice(0, 4)).toEqual([0, 1, 2, 3]);
  expect(most).toBe(1);
});

it('waits at its end for the round going on, and begins no other', async () => {
  const [begun, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let [begins, ends] = [0, 0];
  rounds = new Rounds({ name: 'test', everyMs: 1, atOnce: true }, async () => {
    begins += 1;
    begun.resolve();
    await letGo.promise;
    ends += 1;
  });
  rounds.start();
  await begun.promise;
  const stopped = rounds.stop();
  letGo.resolve();
  await stopped;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([begins, ends]).toEqual([1, 1]);
});

it('leaves a round behind that does not end', async () => {
  const begun = Promise.withResolvers<void>();
  rounds = new Rounds({ name: 'test', everyMs: 1, patienceMs: 5 }, async () => {
    begun.resolve();
    await new Promise(() => undefined);
  });
  rounds.start();
  await begun.promise;
  await rounds.stop();
});
