/** Codes with texts of their own on the failure page; any other code gets the general text. */
export const failureCodes = [
  'CONSENT_DENIED', 'STATE_UNKNOWN', 'STATE_EXPIRED', 'BROWSER_DIFFERENT', 'CODE_EXPIRED', 'HOST_NOT_ALLOWED', 'SCOPE_MISSING', 'SIGNATURE_INVALID',
  'IDENTITY_CHANGED', 'APP_BLOCKED', 'APP_NOT_INSTALLED', 'NOT_ADMIN_APPROVED', 'CLIENT_INVALID', 'REDIRECT_MISMATCH', 'API_DISABLED', 'IP_RESTRICTED',
  'LOGIN_HOURS', 'USER_INACTIVE', 'ORG_INACTIVE', 'TICKET_INVALID', 'SALESFORCE_UNREACHABLE', 'AUTH_UNAVAILABLE',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** The code whose texts are shown. */
export function failureCodeOf(code: unknown): FailureCode | 'UNKNOWN' {
  return failureCodes.find((known) => known === code) ?? 'UNKNOWN';
}

const retrying: readonly (FailureCode | 'UNKNOWN')[] = ['HOST_NOT_ALLOWED', 'CLIENT_INVALID', 'REDIRECT_MISMATCH'];

/** Whether trying again can help before somebody has changed something. */
export function canRetry(code: FailureCode | 'UNKNOWN'): boolean {
  return !retrying.includes(code);
}
