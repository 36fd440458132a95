import { InvalidInput } from '@tributary/failures';
import { describe, expect, it } from 'vitest';
import { HostRules } from './host-rules.ts';

const rules = new HostRules({ extraOrigins: ['http://localhost:4010', 'https://sim.example.test:8443/'] });

const logins: readonly (readonly [input: string, origin: string])[] = [
  ['login.salesforce.com', 'https://login.salesforce.com'],
  ['https://login.salesforce.com', 'https://login.salesforce.com'],
  ['https://login.salesforce.com/', 'https://login.salesforce.com'],
  ['https://login.salesforce.com:443', 'https://login.salesforce.com'],
  ['HTTPS://LOGIN.SALESFORCE.COM', 'https://login.salesforce.com'],
  ['  test.salesforce.com  ', 'https://test.salesforce.com'],
  ['acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ['Acme.My.Salesforce.com', 'https://acme.my.salesforce.com'],
  ['https://acme.my.salesforce.com/services/oauth2/authorize?x=1#y', 'https://acme.my.salesforce.com'],
  ['acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
  ['orgfarm-0a1b2c3d-dev-ed.develop.my.salesforce.com', 'https://orgfarm-0a1b2c3d-dev-ed.develop.my.salesforce.com'],
  ['acme.scratch.my.salesforce.com', 'https://acme.scratch.my.salesforce.com'],
  ['acme.demo.my.salesforce.com', 'https://acme.demo.my.salesforce.com'],
  ['acme.patch.my.salesforce.com', 'https://acme.patch.my.salesforce.com'],
  ['acme.free.my.salesforce.com', 'https://acme.free.my.salesforce.com'],
  ['acme.trailblaze.my.salesforce.com', 'https://acme.trailblaze.my.salesforce.com'],
  ['acme.lightning.force.com', 'https://acme.my.salesforce.com'],
  ['https://acme.lightning.force.com/lightning/page/home', 'https://acme.my.salesforce.com'],
  ['https://acme--uat.sandbox.lightning.force.com/lightning/o/Account/list', 'https://acme--uat.sandbox.my.salesforce.com'],
  ['http://localhost:4010', 'http://localhost:4010'],
  ['http://localhost:4010/anything', 'http://localhost:4010'],
  ['https://sim.example.test:8443', 'https://sim.example.test:8443'],
];

const instances: readonly (readonly [input: string, origin: string])[] = [
  ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
  ['https://na139.salesforce.com', 'https://na139.salesforce.com'],
  ['https://cs101.salesforce.com', 'https://cs101.salesforce.com'],
  ['https://eu41.salesforce.com', 'https://eu41.salesforce.com'],
  ['https://um4.salesforce.com', 'https://um4.salesforce.com'],
  ['https://usa12.salesforce.com', 'https://usa12.salesforce.com'],
  ['https://login.salesforce.com', 'https://login.salesforce.com'],
  ['http://localhost:4010', 'http://localhost:4010'],
];

/** Refused both as a place to sign in and as a place to read data. */
const refused: readonly string[] = [
  '',
  ' ',
  'acme',
  'salesforce.com',
  'www.salesforce.com',
  'my.salesforce.com',
  '.my.salesforce.com',
  'api.salesforce.com',
  'http://login.salesforce.com',
  'http://acme.my.salesforce.com',
  'ftp://login.salesforce.com',
  'javascript:alert(1)//login.salesforce.com',
  'data:text/html,login.salesforce.com',
  'file:///etc/passwd',
  'wss://login.salesforce.com',
  'blob:https://login.salesforce.com/x',
  'https://login.salesforce.com:8443',
  'https://acme.my.salesforce.com:80',
  'https://login.salesforce.com.',
  'https://acme.my.salesforce.com./',
  'login.salesforce.com.evil.example',
  'acme.my.salesforce.com.evil.example',
  'evil.example/login.salesforce.com',
  'https://evil.example/?login.salesforce.com',
  'https://evil.example/#.my.salesforce.com',
  'evilsalesforce.com',
  'evilmy.salesforce.com',
  'login-salesforce.com',
  'loginsalesforce.com',
  'acme.my-salesforce.com',
  'acme.my.salesforce.co',
  'acme.my.salesforce.com.co',
  'acme.mysalesforce.com',
  'acme.my.salesforce.org',
  'acme.my.salesforce.mil',
  'acme.my.sfcrmproducts.cn',
  'a.b.my.salesforce.com',
  'acme.evil.my.salesforce.com',
  'acme.sandbox.evil.my.salesforce.com',
  'acme_1.my.salesforce.com',
  '-acme.my.salesforce.com',
  'acme-.my.salesforce.com',
  `${'a'.repeat(64)}.my.salesforce.com`,
  'acme.my.site.com',
  'acme.my.site.com/customers',
  'acme.force.com',
  'acme.file.force.com',
  'acme.visualforce.com',
  'acme.salesforce-setup.com',
  'https://user@login.salesforce.com',
  'https://user:password@login.salesforce.com',
  'https://login.salesforce.com@evil.example',
  'https://login.salesforce.com:x@evil.example',
  'https://evil.example\\@login.salesforce.com',
  'https://login.salesforce.com\\.evil.example',
  'https:\\\\login.salesforce.com',
  'https://login.salesforce.com\t.evil.example',
  'https://login.sales\nforce.com',
  'https://login.salesforce.com%2eevil.example',
  'https://login.salesforce%2ecom',
  'https://login.salesforce.com%00.evil.example',
  'https://аcme.my.salesforce.com', // Cyrillic a
  'https://login.ѕalesforce.com', // Cyrillic dze
  'https://xn--cme-7cd.my.salesforce.com',
  'https://xn--login-salesforce.com',
  'https://login。salesforce。com',
  'https://ｌogin.salesforce.com',
  'https://login.salesforce.com\u200b',
  'https://127.0.0.1',
  'https://127.1',
  'https://2130706433',
  'https://0x7f000001',
  'https://0x7f.1',
  'https://0177.0.0.1',
  'https://017700000001',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://localhost',
  'localhost:4010',
  'http://localhost:4011',
  'https://localhost:4010',
  'http://127.0.0.1:4010',
  'http://localhost.evil.example:4010',
  'http://localhost:4010@evil.example',
  'https://sim.example.test',
  'http://sim.example.test:8443',
  'foo://bar',
  `https://${'a.'.repeat(150)}my.salesforce.com`,
];

describe('the login origin', () => {
  it.each(logins)('of %j is %s', (input, origin) => {
    expect(rules.loginOrigin(input)).toBe(origin);
  });

  it.each(refused)('of %j is refused', (input) => {
    expect(() => rules.loginOrigin(input)).toThrow(expect.objectContaining({ code: 'HOST_NOT_ALLOWED' }));
  });

  it.each(['https://na139.salesforce.com', 'cs101.salesforce.com'])('is never a bare instance such as %s', (input) => {
    expect(() => rules.loginOrigin(input)).toThrow(InvalidInput);
  });
});

describe('the data origin', () => {
  it.each(instances)('of %j is %s', (input, origin) => {
    expect(rules.instanceOrigin(input)).toBe(origin);
  });

  it.each(refused)('of %j is refused', (input) => {
    expect(() => rules.instanceOrigin(input)).toThrow(expect.objectContaining({ code: 'HOST_NOT_ALLOWED' }));
  });

  it.each(['acme.lightning.force.com', 'https://na.salesforce.com', 'https://na12345.salesforce.com', 'https://xx12.salesforce.com'])('is never %s', (input) => {
    expect(() => rules.instanceOrigin(input)).toThrow(InvalidInput);
  });
});

it('covers at least eighty hosts', () => {
  expect(logins.length + instances.length + refused.length).toBeGreaterThanOrEqual(80);
});

it('tells nothing of the refused text', () => {
  expect(() => rules.loginOrigin('https://hunter2.example')).not.toThrow(/hunter2/);
});

it.each(['not a url', 'foo://sim', 'file:///tmp', 'https://user:password@sim.example.test', 'javascript:1'])('refuses %j as an extra origin: all such share one opaque origin', (origin) => {
  expect(() => new HostRules({ extraOrigins: [origin] })).toThrow(expect.objectContaining({ code: 'EXTRA_ORIGIN_INVALID' }));
});

describe('the site an assertion names', () => {
  it.each([
    ['https://acme.my.site.com', 'https://acme.my.site.com'],
    ['https://acme.my.site.com/', 'https://acme.my.site.com'],
    [' https://acme.my.site.com/customers ', 'https://acme.my.site.com/customers'],
    ['https://Acme.my.site.com/Customers/', 'https://acme.my.site.com/Customers'],
    ['acme.my.site.com/customers', 'https://acme.my.site.com/customers'],
    ['https://acme--uat.sandbox.my.site.com/help_centre-2', 'https://acme--uat.sandbox.my.site.com/help_centre-2'],
    ['https://acme-dev-ed.develop.my.site.com/partners', 'https://acme-dev-ed.develop.my.site.com/partners'],
    ['http://localhost:4010/customers', 'http://localhost:4010/customers'],
  ])('%j is %s', (input, audience) => expect(rules.siteAudience(input)).toBe(audience));

  it.each([
    '', 'customers', 'https://my.site.com/customers', 'https://site.com', 'https://acme.site.com', 'https://evilmy.site.com', 'https://acme.evilmy.site.com', 'https://acme.my-site.com',
    'https://acme.my.site.com.evil.example', 'https://acme.my.site.com.', 'https://a.b.my.site.com', 'https://acme.evil.my.site.com', 'https://acme.sandbox.evil.my.site.com', 'https://xn--cme-7cd.my.site.com',
    'http://acme.my.site.com/customers', 'ftp://acme.my.site.com', 'javascript://acme.my.site.com', 'https://acme.my.site.com:8443/customers',
    'https://user@acme.my.site.com/customers', 'https://acme.my.site.com@evil.example', 'https://evil.example/acme.my.site.com', 'https://evil.example#.my.site.com',
    'https://acme.my.site.com/customers?x=1', 'https://acme.my.site.com/customers?', 'https://acme.my.site.com/customers#x', 'https://acme.my.site.com/customers/login', 'https://acme.my.site.com//customers',
    'https://acme.my.site.com/customers/..', 'https://acme.my.site.com/../customers', 'https://acme.my.site.com/./customers', 'https://acme.my.site.com/cust%6fmers', 'https://acme.my.site.com\\customers', 'https://acme.my.site.com/custo mers', 'https://acme.my.site.com/-', 'https://acme.my.site.com/a.b',
    'https://login.salesforce.com', 'https://acme.my.salesforce.com', 'https://acme.lightning.force.com', 'https://acme.force.com/customers', 'https://acme.secure.force.com', 'https://acme.salesforce-sites.com', 'http://localhost:4011/customers', 'https://169.254.169.254',
  ])('%j is none', (input) => expect(() => rules.siteAudience(input)).toThrow(expect.objectContaining({ code: 'SITE_NOT_ALLOWED', name: InvalidInput.name })));

  it.each(['https://acme.my.site.com', 'https://acme--uat.sandbox.my.site.com/customers'])('%j is no place to sign in or to read data', (site) => {
    const audience = rules.siteAudience(site);
    expect(() => rules.loginOrigin(audience)).toThrow(InvalidInput);
    expect(() => rules.instanceOrigin(audience)).toThrow(InvalidInput);
  });
});
