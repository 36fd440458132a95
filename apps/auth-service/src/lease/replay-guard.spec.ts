import { expect, it } from 'vitest';
import { ReplayGuard } from './replay-guard.ts';

it('admits an id once for as long as a request can live, and forgets it afterwards', () => {
  let now = 0;
  const guard = new ReplayGuard(() => now);
  expect(guard.admit('a')).toBe(true);
  now = 39_999;
  expect([guard.admit('a'), guard.admit('b')]).toEqual([false, true]);
  now = 41_000;
  expect([guard.admit('a'), guard.admit('b')]).toEqual([false, false]);
  now = 79_999;
  expect(guard.admit('b')).toBe(false);
  now = 200_000;
  expect([guard.admit('a'), guard.admit('b')]).toEqual([true, true]);
});
