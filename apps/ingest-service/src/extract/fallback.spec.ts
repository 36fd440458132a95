import { Unavailable } from '@tributary/failures';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { fallbackReason, otherApi } from './fallback.ts';

const refusal = (reaction: SalesforceCallFailure['reaction'], status = 400, code = 'CODE'): SalesforceCallFailure => new SalesforceCallFailure(reaction, status, code, 'Because.');

it.each([
  ['an object or a quota', refusal('use-other-api')],
  ['what it cannot do in pieces either', refusal('split-window')],
  ['a feature the edition lacks', refusal('forbidden-object', 403, 'FUNCTIONALITY_NOT_ENABLED')],
])('goes from either API to the other when one refuses %s', (_what, error) => {
  expect(otherApi(error, 'bulk')).toBe('rest');
  expect(otherApi(error, 'rest')).toBe('bulk');
});

it.each([413, 414, 431])('goes from REST to the Bulk API when the address is too long (%i), not the other way', (status) => {
  expect(otherApi(refusal('our-fault', status), 'rest')).toBe('bulk');
  expect(otherApi(refusal('our-fault', status), 'bulk')).toBeUndefined();
});

it.each([refusal('daily-limit', 403), refusal('session-refused', 401), refusal('schema-drift'), refusal('transient', 503), new Unavailable('PAGE_INCOMPLETE', 'Short.'), new Error('other')])('stays where it is after %s', (error) => {
  expect(otherApi(error, 'bulk')).toBeUndefined();
  expect(otherApi(error, 'rest')).toBeUndefined();
});

it('says why in one sentence', () => {
  expect(fallbackReason('bulk', refusal('use-other-api'))).toBe('Read by REST, because the Bulk API refused: Because.');
  expect(fallbackReason('rest', refusal('split-window'))).toBe('Read by the Bulk API, because REST refused: Because.');
});
