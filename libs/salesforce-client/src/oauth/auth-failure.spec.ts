import { describe, expect, it } from 'vitest';
import { classifyOAuthError, classifyTokenAnswer, describeCause, SalesforceAuthFailure, type AuthActor, type AuthCause, type AuthVerdict } from './auth-failure.ts';

type Grant = 'code' | 'refresh' | 'assertion';
/** The OAuth error catalogue: [grant, error, description, cause, verdict, who]. */
const rows: readonly (readonly [grant: Grant, error: string, description: string | undefined, cause: AuthCause, verdict: AuthVerdict, who: AuthActor])[] = [
  ['code', 'invalid_grant', 'expired authorization code', 'code-expired', 'final', 'user'],
  ['code', 'invalid_grant', 'invalid authorization code', 'code-expired', 'final', 'user'],
  ['refresh', 'invalid_grant', 'expired access/refresh token', 'revoked-or-unknown', 'final', 'user'],
  ['refresh', 'invalid_grant', 'token request is already being processed', 'refresh-busy', 'busy', 'nobody'],
  ['refresh', 'invalid_grant', 'expired authorization code', 'refresh-busy', 'busy', 'nobody'],
  ['refresh', 'invalid_grant', 'authentication failure', 'password-changed-or-deactivated', 'final', 'user'],
  ['refresh', 'invalid_grant', 'authentication failure - Invalid Password', 'password-changed-or-deactivated', 'final', 'user'],
  ['refresh', 'invalid_grant', 'ip restricted', 'user-ip-blocked', 'transient', 'admin'],
  ['refresh', 'invalid_grant', 'ip restricted by app developer', 'egress-not-allowlisted', 'transient', 'operator'],
  ['code', 'invalid_grant', 'ip restricted by app developer', 'egress-not-allowlisted', 'transient', 'operator'],
  ['refresh', 'invalid_grant', "user hasn't approved this consumer", 'not-pre-authorised', 'final', 'admin'],
  ['refresh', 'invalid_grant', 'audience is invalid', 'wrong-audience', 'final', 'operator'],
  ['refresh', 'invalid_grant', 'Audience validation failed', 'wrong-audience', 'final', 'operator'],
  ['refresh', 'invalid_grant', 'invalid assertion', 'certificate-mismatch', 'final', 'admin'],
  ['refresh', 'invalid_grant', undefined, 'revoked-or-unknown', 'final', 'user'],
  ['code', 'invalid_request', 'invalid code verifier', 'pkce-mismatch', 'final', 'operator'],
  ['code', 'invalid_request', 'missing required code challenge', 'pkce-mismatch', 'final', 'operator'],
  ['code', 'invalid_grant', 'invalid code verifier', 'pkce-mismatch', 'final', 'operator'],
  ['code', 'invalid_client_id', 'client identifier invalid', 'client-id-unknown', 'application', 'operator'],
  ['refresh', 'invalid_client', 'invalid client credentials', 'client-secret-wrong', 'application', 'operator'],
  ['refresh', 'invalid_client_credentials', undefined, 'client-secret-wrong', 'application', 'operator'],
  ['code', 'invalid_client', 'app must be installed into org', 'app-not-installed', 'final', 'admin'],
  ['refresh', 'invalid_client', 'External client app is not installed in this org', 'app-not-installed', 'final', 'admin'],
  ['code', 'redirect_uri_mismatch', 'redirect_uri must match configuration', 'app-misconfigured', 'application', 'operator'],
  ['code', 'unsupported_grant_type', 'grant type not supported', 'app-misconfigured', 'application', 'operator'],
  ['code', 'invalid_request', 'missing required code parameter', 'app-misconfigured', 'application', 'operator'],
  ['refresh', 'inactive_user', 'user is inactive', 'user-inactive', 'final', 'admin'],
  ['refresh', 'inactive_org', undefined, 'org-inactive', 'transient', 'admin'],
  ['refresh', 'rate_limit_exceeded', undefined, 'login-rate', 'transient', 'nobody'],
  ['refresh', 'invalid_app_access', 'user is not admin approved to access this app', 'not-admin-approved', 'final', 'admin'],
  ['refresh', 'wrong_version', undefined, 'app-version-mismatch', 'final', 'admin'],
  ['assertion', 'invalid_grant', "user hasn't approved this consumer", 'not-pre-authorised', 'final', 'admin'],
  ['assertion', 'invalid_grant', 'audience is invalid', 'wrong-audience', 'final', 'operator'],
  ['assertion', 'invalid_grant', 'Audience validation failed', 'wrong-audience', 'final', 'operator'],
  ['assertion', 'invalid_grant', 'invalid assertion', 'certificate-mismatch', 'final', 'admin'],
  ['assertion', 'invalid_client', 'External client app is not installed in this org', 'app-not-installed', 'final', 'admin'],
  ['assertion', 'invalid_client_id', 'client identifier invalid', 'client-id-unknown', 'application', 'operator'],
  ['assertion', 'invalid_app_access', 'user is not admin approved to access this app', 'not-admin-approved', 'final', 'admin'],
  ['assertion', 'invalid_grant', 'expired authorization code', 'clock-skew', 'application', 'operator'],
  ['assertion', 'inactive_user', 'user is inactive', 'user-inactive', 'final', 'admin'],
  ['assertion', 'inactive_org', undefined, 'org-inactive', 'transient', 'admin'],
  ['assertion', 'invalid_grant', 'ip restricted', 'user-ip-blocked', 'transient', 'admin'],
  ['refresh', 'something_new', 'nobody has seen this yet', 'as-unavailable', 'transient', 'nobody'],
];

it.each(rows)('on a %s grant %s %j means %s', (grant, error, description, cause, verdict, who) => {
  const failure = classifyTokenAnswer(400, JSON.stringify({ error_description: description, error }), grant);
  expect(failure).toMatchObject({ reason: cause, verdict, who });
  expect(failure.kind).toBe(verdict === 'final' ? 'consent-required' : 'unavailable');
});

describe('a redirect of the consent page', () => {
  it.each([
    ['access_denied', 'end-user denied authorization', 'consent-denied'],
    ['access-denied', '', 'consent-denied'],
    ['invalid_scope', 'the requested scope is invalid, unknown, or malformed', 'scope-not-registered'],
    ['invalid_request', 'missing required code challenge', 'pkce-mismatch'],
    ['unsupported_response_type', 'response_type must be code', 'app-misconfigured'],
    ['OAUTH_APP_BLOCKED', '', 'app-blocked'],
    ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occured during authentication. Please try again.', 'app-not-installed'],
    ['invalid_client', 'OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occured during authentication.', 'app-not-installed'],
  ] as const)('with %s %j means %s', (error, description, cause) => {
    expect(classifyOAuthError(error, description, 'redirect')).toBe(cause);
  });
});

it.each([
  [500, '{"error":"invalid_grant","error_description":"expired access/refresh token"}'],
  [503, '<html>maintenance</html>'],
  [400, '<html>Bad Request</html>'],
  [400, ''],
  [400, '[]'],
  [400, 'null'],
  [400, '{"error":5}'],
  [400, 'error=invalid_grant&error_description=expired+access%2Frefresh+token'],
  [403, 'Forbidden'],
])('never takes %i %j for a revoked grant', (status, text) => {
  expect(classifyTokenAnswer(status, text, 'refresh')).toMatchObject({ reason: 'as-unavailable', verdict: 'transient' });
});

it('gives every cause a code, a sentence and somebody', () => {
  const causes: readonly AuthCause[] = [...new Set([...rows.map(([, , , cause]) => cause), 'consent-denied', 'scope-not-registered', 'app-blocked', 'identity-changed', 'signature-invalid'] as const)];
  for (const cause of causes) {
    const { text, who } = describeCause(cause);
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(new SalesforceAuthFailure(cause)).toMatchObject({ code: cause.toUpperCase().replaceAll('-', '_'), message: text, who });
  }
});
