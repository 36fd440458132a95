import { expect, it } from 'vitest';
import { outcomeOfCall } from './call-outcome.ts';

it.each([[200, 'answered'], [204, 'answered'], [304, 'unchanged'], [400, 'refused'], [403, 'refused'], [503, 'failed'], [0, 'lost']])('says of the status %d: %s', (status, outcome) => {
  expect(outcomeOfCall(status)).toBe(outcome);
});
