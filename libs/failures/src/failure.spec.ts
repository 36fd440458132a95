import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConsentRequired, Defect, RateLimited, Secret, dispositionOf, failureFromWire, failureToWire, httpStatusOf, toFailure } from './index.ts';

it('survives the wire with its kind, code, action and delay, but without its cause', () => {
  const sent = new RateLimited('SALESFORCE_LIMIT', 'The daily limit is used up.', { retryAfterMs: 5_000, action: 'Wait.', cause: new Error('inner') });
  const received = failureFromWire(JSON.parse(JSON.stringify(failureToWire(sent))));
  expect(received).toBeInstanceOf(RateLimited);
  expect(received).toMatchObject({ code: 'SALESFORCE_LIMIT', retryAfterMs: 5_000, action: 'Wait.' });
  expect(received.cause).toBeUndefined();
});

it('turns an unknown error into a defect that keeps its cause', () => {
  const unknown = new TypeError('x is not a function');
  expect(toFailure(unknown)).toBeInstanceOf(Defect);
  expect(toFailure(unknown).cause).toBe(unknown);
});

it('gives up deliveries that can never succeed and repeats the others', () => {
  expect(dispositionOf(new ConsentRequired('GRANT_REVOKED', 'Reconnect.'))).toEqual({ kind: 'give-up' });
  expect(dispositionOf(new RateLimited('SALESFORCE_LIMIT', 'Wait.', { retryAfterMs: 7 }))).toEqual({ kind: 'again', afterMs: 7 });
  expect(httpStatusOf(new ConsentRequired('GRANT_REVOKED', 'Reconnect.'))).toBe(409);
});

it('prints a secret as [secret] however it is printed', () => {
  const token = Secret.of('00Dxx!token');
  const printed = [String(token), `${token}`, JSON.stringify({ token }), inspect({ token }, { depth: 9, showHidden: true })].join(' ');
  expect(printed).not.toContain('00Dxx');
  expect(token.reveal()).toBe('00Dxx!token');
});

/** A secret hidden in a value as deep as it happens to be: under any name, in lists, maps, errors and their causes. */
const holder: fc.Memo<unknown> = fc.memo((depth) => depth <= 1 ? fc.constant(Secret.of('5Aep861HIDDENhidden')) : fc.oneof(
  holder(depth - 1), fc.dictionary(fc.string(), holder(depth - 1), { minKeys: 1, maxKeys: 2, noNullPrototype: true }), fc.array(holder(depth - 1), { minLength: 1, maxLength: 2 }), holder(depth - 1).map((inner) => new Map([['token', inner]])),
  holder(depth - 1).map((inner) => new Error('it failed', { cause: inner })), holder(depth - 1).map((inner) => Object.assign(new Error('it failed'), { inner })),
  holder(depth - 1).map((inner) => new Defect('IT_FAILED', 'It failed.', { details: { inner }, cause: inner })), holder(depth - 1).map((inner) => new AggregateError([inner], 'they failed')),
));

it('hides a secret by its type, wherever it stands in objects, errors and causes', () => {
  fc.assert(fc.property(holder(6), (value) => {
    const printed = [JSON.stringify(value), JSON.stringify({ value }), inspect(value, { depth: null, showHidden: true, getters: true }), format('%s %o %j', value, value, value), JSON.stringify(failureToWire(toFailure(value)))];
    expect(printed.filter((text) => text?.includes('HIDDEN') === true)).toEqual([]);
  }), { numRuns: 500 });
});
