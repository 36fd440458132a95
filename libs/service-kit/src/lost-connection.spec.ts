import { expect, it } from 'vitest';
import { isLostConnection } from './lost-connection.ts';

it.each([
  [Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })],
  [Object.assign(new Error('the database system is starting up'), { code: '57P03' })],
  [Object.assign(new Error('sorry, too many clients already'), { code: '53300' })],
  [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  [new Error('Connection terminated unexpectedly')],
  [new Error('outer', { cause: new Error('timeout exceeded when trying to connect') })],
])('takes %s for a lost connection', (error) => {
  expect(isLostConnection(error)).toBe(true);
});

it.each([[new TypeError('x is not a function')], [Object.assign(new Error('duplicate key'), { code: '23505' })], [Object.assign(new Error('deadlock'), { code: '40P01' })], ['Connection terminated'], [undefined]])('takes %s for something else', (error) => {
  expect(isLostConnection(error)).toBe(false);
});
