import { Conflict, ConsentRequired, Defect, InvalidInput, RateLimited, Unavailable } from '@tributary/failures';
import { classifyRestAnswer } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { pageIncomplete, pagesMissing } from '../extract/row-source.ts';
import { reasonOf } from './run-reason.ts';

function refusal(status: number, errorCode: string, message: string): Error {
  return classifyRestAnswer(status, 'application/json', JSON.stringify([{ errorCode, message }]));
}

it.each([
  ['a short page', pageIncomplete(5, 3), 'A page promised 5 rows but 3 arrived. The next run reads it again.'],
  ['a page that broke off', new Unavailable('PAGE_INTERRUPTED', 'A page of the export broke off.'), 'A page of the export broke off. The next run reads it again.'],
  ['pages that are not listed', pagesMissing(9, 7), 'Salesforce exported 9 rows but the pages it lists hold 7. The next run goes on with it.'],
  ['a broken CSV', new InvalidInput('CSV_BROKEN', 'A CSV row does not end.'), 'A CSV row does not end. The next run reads it again.'],
  ['rows that never stay as they are', new Unavailable('ROWS_IN_MOTION', '2 rows changed each time.'), '2 rows changed each time. The next run goes on with it.'],
  ['an unreachable Salesforce', new Unavailable('SALESFORCE_UNREACHABLE', 'Salesforce does not answer.'), 'Salesforce does not answer. The next run goes on with it.'],
  ['a missing permission', refusal(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on object id'), 'insufficient access rights on object id. Each run asks again; a Salesforce administrator can give this user access.'],
  ['a field that vanished', refusal(400, 'INVALID_FIELD', "No such column 'X__c'"), "No such column 'X__c'. The next run reads its description anew and tries again."],
  ['a lost cursor', refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator'), 'invalid query locator. The next run reads it again.'],
  ['too many fields', new InvalidInput('TOO_MANY_FIELDS', 'A has 2000 fields: choose fewer of them.'), 'A has 2000 fields: choose fewer of them. The next run copies it once fewer are chosen.'],
  ['a record that fills too much', new InvalidInput('ROW_TOO_WIDE', 'A record fills too many columns.'), 'A record fills too many columns. Each run tries again and copies it once its records fit.'],
  ['a mistake of ours', new Defect('PLACE_INVALID', 'A kept place in a query cannot be read.'), 'A kept place in a query cannot be read. The next run tries again.'],
  ['what nobody expected', new Error('hunter2'), 'Something unexpected happened on our side. The next run tries again.'],
])('says of an object with %s the cause and what is tried next', (_what, error, text) => {
  expect(reasonOf('Account', error)).toEqual({ object: 'Account', code: expect.any(String), text });
});

it.each([
  ['a reserve', new RateLimited('API_BUDGET_RESERVED', 'The rest is left to other tools.', { retryAfterMs: 30 * 60_000 }), 'The rest is left to other tools. The next run goes on from here, in 30 minutes at the earliest.'],
  ['a used-up daily limit', refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), 'TotalRequests Limit exceeded. The next run goes on from here, in 30 minutes at the earliest.'],
  ['a revoked grant', new ConsentRequired('GRANT_REVOKED', 'The person must connect again.'), 'The person must connect again. The next run follows by itself as soon as there is a new access token.'],
  ['a pause', new Conflict('CONNECTION_PAUSED', 'The connection is paused.'), 'The connection is paused. The next run follows when the connection is resumed.'],
  ['a lease that was not given', new Unavailable('LEASE_CLOCKS_DIFFER', 'The clocks differ.'), 'The clocks differ. The next run tries again.'],
])('says of a run stopped by %s the cause and when the next one follows', (_what, error, text) => {
  expect(reasonOf(null, error).text).toBe(text);
});
