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
  expect(serviceQueryOf({ username: 'sync@acme.test', login })).toEqual({ username: 'sync@acme.test', where, pasted, site: '' });
});

it.each([['https://acme.my.site.com/customers', 'https://acme.my.site.com/customers'], [['https://a.my.site.com', 'x'], ''], [undefined, '']])('is filled in with the site %j', (site, filled) => {
  expect(serviceQueryOf({ username: 'buyer@acme.test', site })).toMatchObject({ username: 'buyer@acme.test', site: filled });
});

it('is empty when it was opened for a new connection', () => {
  expect(serviceQueryOf({})).toEqual({ username: '', where: 'own', pasted: '', site: '' });
});
