import { expect, it } from 'vitest';
import { serviceQueryOf } from './service-query.ts';

it.each([
  ['https://login.salesforce.com', 'production', ''],
  ['https://test.salesforce.com', 'sandbox', ''],
  ['https://acme.my.salesforce.com', 'domain', 'acme.my.salesforce.com'],
  ['http://localhost:4180', 'own', ''],
  [undefined, 'own', ''],
  [['https://login.salesforce.com'], 'own', ''],
])('is filled in for the sign-in at %s', (login, where, pasted) => {
  expect(serviceQueryOf({ username: 'sync@acme.test', login })).toEqual({ username: 'sync@acme.test', where, pasted });
});

it('is empty when it was opened for a new connection', () => {
  expect(serviceQueryOf({})).toEqual({ username: '', where: 'own', pasted: '' });
});
