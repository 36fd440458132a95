import { expect, it } from 'vitest';
import { holdWord } from './hold-words.ts';

it.each([['API_BUDGET_RESERVED', 'reserved'], ['API_BUDGET_RUN', 'run'], ['REQUEST_LIMIT_EXCEEDED', 'daily'], ['toString', undefined], ['SERVER_BUSY', undefined]])('has for %s the words %s', (code, word) => {
  expect(holdWord(code)).toBe(word);
});
