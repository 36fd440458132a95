import { expect, it } from 'vitest';
import { assertionTargets, type OrgAddresses } from './assertion-targets.ts';

const [login, test] = ['https://login.salesforce.com', 'https://test.salesforce.com'];
const none = (): boolean => false;

it.each<[string, OrgAddresses, readonly [host: string, audience: string][]]>([
  ['production at the login host', { loginOrigin: login, instanceUrl: 'https://acme.my.salesforce.com', orgKind: 'production' }, [['https://acme.my.salesforce.com', login], [login, login]]],
  ['production at My Domain', { loginOrigin: 'https://acme.my.salesforce.com', instanceUrl: 'https://acme.my.salesforce.com', orgKind: 'production' }, [['https://acme.my.salesforce.com', login], [login, login]]],
  ['a developer org', { loginOrigin: login, instanceUrl: 'https://acme-dev-ed.develop.my.salesforce.com', orgKind: 'developer' }, [['https://acme-dev-ed.develop.my.salesforce.com', login], [login, login]]],
  ['a sandbox', { loginOrigin: test, instanceUrl: 'https://acme--uat.sandbox.my.salesforce.com', orgKind: 'sandbox' }, [['https://acme--uat.sandbox.my.salesforce.com', test], [test, test]]],
  ['a scratch org', { loginOrigin: 'https://acme.scratch.my.salesforce.com', instanceUrl: undefined, orgKind: 'unknown' }, [['https://acme.scratch.my.salesforce.com', test], [test, test]]],
  ['an org on a legacy instance', { loginOrigin: login, instanceUrl: 'https://na139.salesforce.com', orgKind: 'production' }, [[login, login]]],
  ['a service connection before the first answer', { loginOrigin: test, instanceUrl: undefined, orgKind: 'unknown' }, [[test, test]]],
])('for %s the pairs are tried in the order of the design', (_what, org, expected) => {
  const targets = assertionTargets(org, none);
  expect(targets.map(({ host, audience }) => [host, audience])).toEqual(expected);
  expect(targets).not.toContainEqual({ host: login, audience: test });
});

it('takes a simulator as its own audience', () => {
  const extra = (origin: string): boolean => origin.startsWith('http://localhost');
  expect(assertionTargets({ loginOrigin: 'http://localhost:3100', instanceUrl: 'http://localhost:3102', orgKind: 'unknown' }, extra)).toEqual([
    { host: 'http://localhost:3102', audience: 'http://localhost:3100' }, { host: 'http://localhost:3100', audience: 'http://localhost:3100' },
  ]);
});
