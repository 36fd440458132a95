import { expect, it } from 'vitest';
import { consentAddress, invitationOf, providerAddress, returnPathOf } from './return-path.ts';

it('goes back to a path of this portal with its query', () => {
  expect(returnPathOf('/c/1/pipeline?owner=005&stage=A%26B#x')).toBe('/c/1/pipeline?owner=005&stage=A%26B#x');
});

it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'c/1', '', undefined, ['/a', '/b'], '/welcome?return=/x'])('goes to the start instead of %j', (value) => {
  expect(returnPathOf(value)).toBe('/');
});

it('starts the consent with the host and the way back', () => {
  expect(consentAddress('https://login.salesforce.com', '/connections/1')).toBe('/connect/salesforce?login=https%3A%2F%2Flogin.salesforce.com&return=%2Fconnections%2F1');
  expect(consentAddress(undefined, '/')).toBe('/connect/salesforce?return=%2F');
});

it('asks for a fresh proof, accepts an invitation or renews a connection on the same way', () => {
  expect(consentAddress('https://login.salesforce.com', '/settings/people', { fresh: true })).toBe('/connect/salesforce?login=https%3A%2F%2Flogin.salesforce.com&return=%2Fsettings%2Fpeople&fresh=1');
  expect(consentAddress(undefined, '/', { connection: '0199aa00-0000-7000-8000-00000000000a' })).toBe('/connect/salesforce?return=%2F&connection=0199aa00-0000-7000-8000-00000000000a');
  expect(providerAddress('/connect/oidc/acme', '/', { invitation: 'abc' })).toBe('/connect/oidc/acme?return=%2F&invitation=abc');
});

it('takes an invitation from the fragment only, and nothing that cannot be one', () => {
  expect(invitationOf('#Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6')).toBe('Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6');
  for (const hash of ['', '#', '#short', '#<script>alert(1)</script>']) expect(invitationOf(hash), hash).toBeUndefined();
});
