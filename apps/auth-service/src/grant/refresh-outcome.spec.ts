import { Unavailable, InvalidInput, Secret } from '@tributary/failures';
import { SalesforceAuthFailure, type AuthCause, type TokenSet } from '@tributary/salesforce-client';
import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer, outcomeOfFailure, type RefreshOutcome } from './refresh-outcome.ts';
import { settlementOf } from './settle-refresh.ts';

const now = new Date('2026-11-25T12:00:00Z');
const auth = (cause: AuthCause): SalesforceAuthFailure => new SalesforceAuthFailure(cause);
const summary = (outcome: RefreshOutcome): string => ('trouble' in outcome ? `${outcome.kind} ${outcome.trouble.cause} ${outcome.trouble.who}` : outcome.kind);

describe('a refresh that gave no tokens', () => {
  it.each<[AuthCause, string]>([
    ['refresh-busy', 'busy'],
    ['revoked-or-unknown', 'rejected revoked-or-unknown user'],
    ['password-changed-or-deactivated', 'rejected password-changed-or-deactivated user'],
    ['user-inactive', 'admin user-inactive admin'],
    ['app-blocked', 'admin app-blocked admin'],
    ['app-not-installed', 'admin app-not-installed admin'],
    ['not-admin-approved', 'admin not-admin-approved admin'],
    ['user-ip-blocked', 'held user-ip-blocked admin'],
    ['egress-not-allowlisted', 'held egress-not-allowlisted operator'],
    ['org-inactive', 'held org-inactive admin'],
    ['login-rate', 'unavailable login-rate nobody'],
    ['as-unavailable', 'unavailable as-unavailable nobody'],
    ['client-secret-wrong', 'application client-secret-wrong operator'],
    ['client-id-unknown', 'application client-id-unknown operator'],
    ['signature-invalid', 'quarantined signature-invalid operator'],
    ['identity-changed', 'quarantined identity-changed operator'],
  ])('because of %s is %s', (cause, expected) => {
    expect(summary(outcomeOfFailure(auth(cause)))).toBe(expected);
  });

  it('is unknown when the request may have arrived, and harmless when it did not', () => {
    expect(summary(outcomeOfFailure(new Unavailable('REFRESH_AMBIGUOUS', 'x')))).toBe('lost refresh-uncertain nobody');
    expect(summary(outcomeOfFailure(new Error('anything')))).toBe('lost refresh-uncertain nobody');
    expect(summary(outcomeOfFailure(new Unavailable('SALESFORCE_UNREACHABLE', 'x')))).toBe('unavailable as-unavailable nobody');
    expect(summary(outcomeOfFailure(new InvalidInput('HOST_NOT_ALLOWED', 'x')))).toBe('quarantined host-refused operator');
  });

  it('keeps the question open while asking it reached nobody', () => {
    const unreachable = outcomeOfFailure(new Unavailable('SALESFORCE_UNREACHABLE', 'x'));
    if (unreachable.kind !== 'unavailable') throw new Error(unreachable.kind);
    expect(settlementOf(unreachable, 2, true)).toEqual({ trigger: 'refresh-lost', answered: false, checkInMs: expect.any(Number) });
    expect(settlementOf(unreachable, 2, false)).toEqual({ trigger: 'refresh-unavailable', answered: true, checkInMs: expect.any(Number) });
  });
});

describe('an answer', () => {
  const tokens: TokenSet = { accessToken: Secret.of('a'), refreshToken: Secret.of('r'), idToken: undefined, instanceUrl: 'https://acme.my.salesforce.com', identityUrl: 'x', orgId: 'o', userId: 'u', scopes: ['api'], issuedAt: now };

  it.each([
    ['for this connection', {}, 'refreshed'],
    ['without scopes', { scopes: [] }, 'refreshed'],
    ['for another org', { orgId: 'p' }, 'quarantined identity-changed operator'],
    ['for another user', { userId: 'v' }, 'quarantined identity-changed operator'],
    ['with more than asked for', { scopes: ['api', 'full'] }, 'admin scope-not-registered admin'],
  ])('%s is %s', (_what, more, expected) => {
    expect(summary(outcomeOfAnswer({ ...tokens, ...more }, { orgId: 'o', userId: 'u' }))).toBe(expected);
  });
});
