import { expect, it } from 'vitest';
import { nextStepOf } from './next-step.ts';

it.each([['RECEIPT_DISAGREES', 'again'], ['API_BUDGET_SHED', 'whenFree'], ['DELETIONS_HELD', 'decide'], ['INSUFFICIENT_ACCESS', 'access'], ['ROW_TOO_WIDE', 'fewer'], ['TOO_MANY_FIELDS', 'fewer'], ['PAGE_INCOMPLETE', 'retry'], ['constructor', 'retry']])('knows what is tried next after %s', (code, step) => {
  expect(nextStepOf(code)).toBe(step);
});
