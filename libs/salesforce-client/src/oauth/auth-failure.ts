import { Failure, type FailureKind } from '@tributary/failures';

/** Who can repair a failed sign-in or refresh. */
export type AuthActor = 'user' | 'admin' | 'operator' | 'nobody';

/** Whether an answer of the token endpoint is the last word. */
export type AuthVerdict = 'final' | 'transient' | 'busy' | 'application';

interface CauseOfDeath {
  readonly cause: string;
  readonly verdict: AuthVerdict;
  readonly who: AuthActor;
  readonly text: string;
}

const causes = {
  'refresh-busy': { verdict: 'busy', who: 'nobody', text: 'Salesforce is already working on a token request for this connection.' },
  'code-expired': { verdict: 'final', who: 'user', text: 'The sign-in took too long. Start again.' },
  'revoked-or-unknown': { verdict: 'final', who: 'user', text: 'Salesforce no longer accepts this connection: it was revoked, or it expired. Reconnect.' },
  'password-changed-or-deactivated': { verdict: 'final', who: 'user', text: 'The password was changed or the user deactivated. Sign in again.' },
  'user-ip-blocked': { verdict: 'transient', who: 'admin', text: "Our address is outside the profile's login ranges. An admin must add it." },
  'egress-not-allowlisted': { verdict: 'transient', who: 'operator', text: "Our address is missing from the app's refresh-token allowlist." },
  'not-pre-authorised': { verdict: 'final', who: 'admin', text: 'The app is not pre-authorised for this user, or the login address is the wrong one.' },
  'wrong-audience': { verdict: 'final', who: 'operator', text: 'The login address does not fit this org.' },
  'certificate-mismatch': { verdict: 'final', who: 'admin', text: 'The certificate at Salesforce is not the current one. Upload it again.' },
  'pkce-mismatch': { verdict: 'final', who: 'operator', text: 'Sign-in could not be verified. Start again.' },
  'client-id-unknown': { verdict: 'application', who: 'operator', text: 'Salesforce does not know this app yet. A new app needs about ten minutes.' },
  'app-not-installed': { verdict: 'final', who: 'admin', text: 'A Salesforce admin must install the app in this org.' },
  'app-blocked': { verdict: 'final', who: 'admin', text: 'A Salesforce admin has blocked this app.' },
  'client-secret-wrong': { verdict: 'application', who: 'operator', text: "The app's secret was changed: nobody can refresh." },
  'app-misconfigured': { verdict: 'application', who: 'operator', text: 'The app is set up differently at Salesforce: check callback and flow.' },
  'user-inactive': { verdict: 'final', who: 'admin', text: 'This Salesforce user is deactivated or frozen.' },
  'org-inactive': { verdict: 'transient', who: 'admin', text: 'This org is locked or suspended.' },
  'not-admin-approved': { verdict: 'final', who: 'admin', text: "Assign the app's permission set to this user." },
  'app-version-mismatch': { verdict: 'final', who: 'admin', text: 'The app was updated: reinstall or approve the new version.' },
  'login-rate': { verdict: 'transient', who: 'nobody', text: 'Too many sign-ins for this user. We wait.' },
  'scope-not-registered': { verdict: 'final', who: 'admin', text: 'The app lacks a scope: add openid, api and refresh_token.' },
  'consent-denied': { verdict: 'final', who: 'user', text: 'You declined. Start again when ready.' },
  'as-unavailable': { verdict: 'transient', who: 'nobody', text: 'Salesforce sign-in is not answering. We retry.' },
  'clock-skew': { verdict: 'application', who: 'operator', text: "Our clock and that of Salesforce differ by more than three minutes. The operator must set it right." },
  'identity-changed': { verdict: 'final', who: 'operator', text: 'This login belongs to another org or user.' },
  'signature-invalid': { verdict: 'final', who: 'operator', text: 'The answer of Salesforce could not be verified.' },
} as const satisfies Record<string, Omit<CauseOfDeath, 'cause'>>;

/** Stable cause code of a failed sign-in or refresh. */
export type AuthCause = keyof typeof causes;

/** A failed call of the token endpoint, classified. */
export class SalesforceAuthFailure extends Failure {
  readonly kind: FailureKind;
  readonly reason: AuthCause;
  readonly verdict: AuthVerdict;
  readonly who: AuthActor;

  constructor(cause: AuthCause, options: { readonly cause?: unknown } = {}) {
    const { text, verdict, who } = causes[cause];
    super(cause.toUpperCase().replaceAll('-', '_'), text, options);
    this.kind = verdict === 'final' ? 'consent-required' : 'unavailable';
    this.reason = cause;
    this.verdict = verdict;
    this.who = who;
  }
}

/** Plain sentence and actor of a cause. */
export function describeCause(cause: AuthCause): { readonly text: string; readonly who: AuthActor } {
  return causes[cause];
}

const byDescription: readonly (readonly [RegExp, AuthCause])[] = [
  [/token request is already being processed/i, 'refresh-busy'],
  [/ip restricted by app developer/i, 'egress-not-allowlisted'],
  [/ip restricted/i, 'user-ip-blocked'],
  [/hasn'?t approved this consumer/i, 'not-pre-authorised'],
  [/audience is invalid|audience validation failed/i, 'wrong-audience'],
  [/invalid assertion/i, 'certificate-mismatch'],
  [/authentication failure/i, 'password-changed-or-deactivated'],
  [/app must be installed|not installed in this org|OAUTH_APPROVAL_ERROR_GENERIC/i, 'app-not-installed'],
  [/code (verifier|challenge)/i, 'pkce-mismatch'],
  [/invalid authorization code/i, 'code-expired'],
];

const byError: Readonly<Record<string, AuthCause>> = {
  invalid_client_id: 'client-id-unknown',
  invalid_client: 'client-secret-wrong',
  invalid_client_credentials: 'client-secret-wrong',
  redirect_uri_mismatch: 'app-misconfigured',
  unsupported_grant_type: 'app-misconfigured',
  unsupported_response_type: 'app-misconfigured',
  invalid_request: 'app-misconfigured',
  inactive_user: 'user-inactive',
  inactive_org: 'org-inactive',
  rate_limit_exceeded: 'login-rate',
  invalid_app_access: 'not-admin-approved',
  wrong_version: 'app-version-mismatch',
  invalid_scope: 'scope-not-registered',
  access_denied: 'consent-denied',
  'access-denied': 'consent-denied',
  OAUTH_APP_BLOCKED: 'app-blocked',
  OAUTH_APPROVAL_ERROR_GENERIC: 'app-not-installed',
  invalid_grant: 'revoked-or-unknown',
};

const expiredCode = { code: 'code-expired', redirect: 'code-expired', refresh: 'refresh-busy', assertion: 'clock-skew' } as const satisfies Record<string, AuthCause>;

/** The cause behind an OAuth error, whichever way it came. `grant` tells the meanings of one text apart. */
export function classifyOAuthError(error: string, description: string, grant: keyof typeof expiredCode): AuthCause {
  if (/expired authorization code/i.test(description)) return expiredCode[grant];
  const known = byDescription.find(([pattern]) => pattern.test(description));
  return known?.[1] ?? byError[error] ?? 'as-unavailable';
}

/** Classifies an answer of the token endpoint that is no success. Anything but JSON means nothing but trouble on the way. */
export function classifyTokenAnswer(status: number, text: string, grant: 'code' | 'refresh' | 'assertion'): SalesforceAuthFailure {
  if (status >= 500) return new SalesforceAuthFailure('as-unavailable');
  const body = parseObject(text);
  const error = body?.['error'];
  const description = body?.['error_description'];
  if (typeof error !== 'string') return new SalesforceAuthFailure('as-unavailable');
  return new SalesforceAuthFailure(classifyOAuthError(error, typeof description === 'string' ? description : '', grant));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
