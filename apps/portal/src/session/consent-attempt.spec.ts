// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest';
import { isAnswered, noteAttempt, openAttempt, settleAttempt } from './consent-attempt.ts';

const start = Date.parse('2026-11-25T10:00:00Z');
beforeEach(() => sessionStorage.clear());

it('knows when somebody left for Salesforce until an answer came', () => {
  expect(openAttempt(start)).toBeUndefined();
  noteAttempt(start);
  expect(openAttempt(start + 60_000)).toBe(start);
  settleAttempt();
  expect(openAttempt(start + 60_000)).toBeUndefined();
});

it('does not ask about an attempt of yesterday, nor about one of the future', () => {
  noteAttempt(start);
  expect(openAttempt(start + 3_600_001)).toBeUndefined();
  expect(openAttempt(start - 1)).toBeUndefined();
});

it('lives without storage', () => {
  const closed = { getItem() { throw new Error('closed'); }, setItem() { throw new Error('closed'); }, removeItem() { throw new Error('closed'); } } as unknown as Storage;
  noteAttempt(start, closed);
  expect(openAttempt(start, closed)).toBeUndefined();
  settleAttempt(closed);
});

it('takes any page but those the way starts from for an answer', () => {
  expect(isAnswered('failed')).toBe(true);
  expect(isAnswered('pipeline')).toBe(true);
  expect(isAnswered('connect')).toBe(false);
  expect(isAnswered(undefined)).toBe(false);
});
