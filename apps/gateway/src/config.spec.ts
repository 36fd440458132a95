import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const complete = { TRIBUTARY_DATA_DIR: '/data', DATABASE_URL: 'postgresql://gateway@localhost/tributary', NATS_URL: 'nats://gateway@localhost:4222', AUTH_SERVICE_URL: 'http://localhost:3001', TRIBUTARY_PORTAL_DIR: '/portal' };

it('is complete with what a service needs, and has sound values for the rest', () => {
  expect(readConfig(complete)).toMatchObject({ port: 3_000, production: false, publicOrigin: 'http://localhost:3000', trustedProxies: 0, loginUrl: 'https://login.salesforce.com' });
});

it.each<[string, NodeJS.ProcessEnv]>([
  ['DATABASE_URL', { DATABASE_URL: 'mysql://somewhere' }], ['NATS_URL', { NATS_URL: 'http://somewhere' }], ['TRIBUTARY_PORT', { TRIBUTARY_PORT: '70000' }], ['TRIBUTARY_PUBLIC_URL', { TRIBUTARY_PUBLIC_URL: 'ftp://somewhere' }],
  ['AUTH_SERVICE_URL', { AUTH_SERVICE_URL: '' }], ['TRIBUTARY_PORTAL_DIR', { TRIBUTARY_PORTAL_DIR: '' }], ['TRIBUTARY_TRUSTED_PROXIES', { TRIBUTARY_TRUSTED_PROXIES: 'many' }], ['SALESFORCE_LOGIN_URL', { SALESFORCE_LOGIN_URL: 'javascript:alert(1)' }],
  ['TRIBUTARY_LOG_LEVEL', { TRIBUTARY_LOG_LEVEL: 'loud' }], ['TRIBUTARY_DATA_DIR', { TRIBUTARY_DATA_DIR: '' }],
])('names %s when it is wrong, and not its value', (name, wrong) => {
  expect(() => readConfig({ ...complete, ...wrong })).toThrow(new RegExp(`^The configuration is wrong\\. (.*; )?${name}: `));
  const value = wrong[name] ?? '';
  if (value.length > 3) expect(() => readConfig({ ...complete, ...wrong })).not.toThrow(value);
});
