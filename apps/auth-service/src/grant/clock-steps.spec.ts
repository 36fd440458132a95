import { expect, it } from 'vitest';
import { ClockSteps } from './clock-steps.ts';

const minuteMs = 60_000;

it.each([['ahead', 3 * minuteMs], ['back', -60 * minuteMs]])('believes no age for two minutes after the database was set %s', (_way, step) => {
  let elapsed = 0;
  const steps = new ClockSteps(2 * minuteMs, () => elapsed);
  const start = Date.parse('2026-11-26T12:00:00Z');
  const noteAt = (at: number, offset: number): void => {
    elapsed = at;
    steps.note(new Date(start + at + offset));
  };
  noteAt(0, 0);
  noteAt(10 * minuteMs, 2_000);
  expect(steps.isSettled).toBe(true);
  noteAt(11 * minuteMs, step);
  expect(steps.isSettled).toBe(false);
  noteAt(12 * minuteMs, step);
  expect(steps.isSettled).toBe(false);
  noteAt(13 * minuteMs, step);
  expect(steps.isSettled).toBe(true);
});
