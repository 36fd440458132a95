import { inspect } from 'node:util';
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
