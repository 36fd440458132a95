import { describe, expect, it } from 'vitest';
import { assertionTargets, type OrgAddresses } from './assertion-targets.ts';

const [login, test] = ['https://login.salesforce.com', 'https://test.salesforce.com'];
const none = (): boolean => false;

it.each<[string, Omit<OrgAddresses, 'site'>, readonly [host: string, audience: string][]]>([
  ['production at the login host', { loginOrigin: login, instanceUrl: 'https://acme.my.salesforce.com', orgKind: 'production' }, [['https://acme.my.salesforce.com', login], [login, login]]],
  ['production at My Domain', { loginOrigin: 'https://acme.my.salesforce.com', instanceUrl: 'https://acme.my.salesforce.com', orgKind: 'production' }, [['https://acme.my.salesforce.com', login], [login, login]]],
  ['a developer org', { loginOrigin: login, instanceUrl: 'https://acme-dev-ed.develop.my.salesforce.com', orgKind: 'developer' }, [['https://acme-dev-ed.develop.my.salesforce.com', login], [login, login]]],
  ['a sandbox', { loginOrigin: test, instanceUrl: 'https://acme--uat.sandbox.my.salesforce.com', orgKind: 'sandbox' }, [['https://acme--uat.sandbox.my.salesforce.com', test], [test, test]]],
  ['a scratch org', { loginOrigin: 'https://acme.scratch.my.salesforce.com', instanceUrl: undefined, orgKind: 'unknown' }, [['https://acme.scratch.my.salesforce.com', test], [test, test]]],
  ['an org on a legacy instance', { loginOrigin: login, instanceUrl: 'https://na139.salesforce.com', orgKind: 'production' }, [[login, login]]],
  ['a service connection before the first answer', { loginOrigin: test, instanceUrl: undefined, orgKind: 'unknown' }, [[test, test]]],
])('for %s the pairs are tried in the order of the design', (_what, org, expected) => {
  const targets = assertionTargets({ ...org, site: null }, none);
  expect(targets.map(({ host, audience }) => [host, audience])).toEqual(expected);
  expect(targets).not.toContainEqual({ host: login, audience: test });
});

it('takes a simulator as its own audience', () => {
  const extra = (origin: string): boolean => origin.startsWith('http://localhost');
  expect(assertionTargets({ loginOrigin: 'http://localhost:3100', instanceUrl: 'http://localhost:3102', orgKind: 'unknown', site: null }, extra)).toEqual([
    { host: 'http://localhost:3102', audience: 'http://localhost:3100' }, { host: 'http://localhost:3100', audience: 'http://localhost:3100' },
  ]);
});

describe('a user of an Experience Cloud site', () => {
  const customers = 'https://acme.my.site.com/customers';
  const uat = 'https://acme--uat.sandbox.my.site.com';

  it.each<[string, OrgAddresses, readonly string[]]>([
    ['before the first answer', { loginOrigin: login, instanceUrl: undefined, orgKind: 'unknown', site: customers }, ['https://acme.my.salesforce.com', login]],
    ['at a My Domain that was given', { loginOrigin: 'https://other.my.salesforce.com', instanceUrl: undefined, orgKind: 'unknown', site: customers }, ['https://other.my.salesforce.com', login]],
    ['of an org that is known', { loginOrigin: login, instanceUrl: 'https://acme.my.salesforce.com', orgKind: 'production', site: customers }, ['https://acme.my.salesforce.com', login]],
    ['in a sandbox', { loginOrigin: login, instanceUrl: undefined, orgKind: 'unknown', site: uat }, ['https://acme--uat.sandbox.my.salesforce.com', test]],
  ])('%s is asked for at the hosts of the org, and the site is the audience alone', (_what, org, hosts) => {
    expect(assertionTargets(org, none)).toEqual(hosts.map((host) => ({ host, audience: org.site })));
  });

  it('is asked for at a simulator with the site as audience', () => {
    const extra = (origin: string): boolean => origin.startsWith('http://localhost');
    expect(assertionTargets({ loginOrigin: 'http://localhost:3100', instanceUrl: 'http://localhost:3102', orgKind: 'unknown', site: customers }, extra)).toEqual([
      { host: 'http://localhost:3102', audience: customers }, { host: 'http://localhost:3100', audience: customers },
    ]);
  });
});
