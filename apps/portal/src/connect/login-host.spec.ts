import { expect, it } from 'vitest';
import { loginOriginOf } from './login-host.ts';

it.each([
  ['https://acme.lightning.force.com/lightning/o/Opportunity/list', 'https://acme.my.salesforce.com'],
  ['acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ['https://acme--dev.sandbox.lightning.force.com/lightning/page/home', 'https://acme--dev.sandbox.my.salesforce.com'],
  ['https://acme.my.salesforce-setup.com/lightning/setup/SetupOneHome/home', 'https://acme.my.salesforce.com'],
  ['https://acme--c.vf.force.com/apex/Page', 'https://acme.my.salesforce.com'],
  ['https://acme--dev--c.sandbox.vf.force.com/apex/Page', 'https://acme--dev.sandbox.my.salesforce.com'],
  ['  LOGIN.salesforce.com ', 'https://login.salesforce.com'],
])('finds the login host of %s', (pasted, origin) => {
  expect(loginOriginOf(pasted)).toBe(origin);
});

it.each(['', 'acme', 'https://evil.example', 'https://acme.my.salesforce.com.evil.example', 'https://evil.example/acme.my.salesforce.com', 'javascript:alert(1)', 'https://user@evil.example#.my.salesforce.com', 'https://a.b.c.my.salesforce.com'])('takes nothing from %j', (pasted) => {
  expect(loginOriginOf(pasted)).toBeUndefined();
});
