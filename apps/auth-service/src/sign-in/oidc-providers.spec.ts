import { expect, it } from 'vitest';
import { parseOidcProviders } from './oidc-providers.ts';

const one = { name: 'acme', label: 'Acme', issuer: 'https://id.acme.test', clientId: 'tributary', clientSecret: 'keep-me-secret' };
const read = (value: unknown): unknown => parseOidcProviders(JSON.stringify(value), (origin) => origin === 'http://localhost:9');

it('reads providers and keeps their secret', () => {
  expect(parseOidcProviders(undefined, () => false)).toEqual([]);
  const [provider] = parseOidcProviders(JSON.stringify([one]), () => false);
  expect([JSON.stringify(provider).includes('keep-me-secret'), provider?.clientSecret?.reveal(), provider?.scopes]).toEqual([false, 'keep-me-secret', ['openid', 'profile', 'email']]);
  expect(read([{ ...one, issuer: 'http://localhost:9' }])).toHaveLength(1);
});

it.each([
  ['no list', one],
  ['an issuer without https', [{ ...one, issuer: 'http://id.acme.test' }]],
  ['the name salesforce', [{ ...one, name: 'salesforce' }]],
  ['a name that is a path', [{ ...one, name: '../x' }]],
  ['a name twice', [one, { ...one, issuer: 'https://other.test' }]],
  ['an issuer twice', [one, { ...one, name: 'other' }]],
  ['no openid scope', [{ ...one, scopes: ['email'] }]],
  ['a member that is not known', [{ ...one, password: 'x' }]],
])('refuses %s by the name of the variable, without a value', (_what, value) => {
  expect(() => read(value)).toThrow(/TRIBUTARY_OIDC_PROVIDERS/);
  expect(() => read(value)).not.toThrow(/keep-me-secret/);
});
