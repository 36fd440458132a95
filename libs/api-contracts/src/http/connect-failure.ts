/** Why a consent did not end with a connection: `code` of the portal's page `/connect/failed`, which has a fixed text for each. */
export const connectFailureCodes = [
  'CONSENT_DENIED', 'STATE_UNKNOWN', 'STATE_EXPIRED', 'BROWSER_DIFFERENT', 'CALLBACK_INCOMPLETE', 'ISSUER_DIFFERENT', 'CODE_EXPIRED', 'PKCE_MISMATCH',
  'HOST_NOT_ALLOWED', 'SCOPE_MISSING', 'SCOPE_TOO_WIDE', 'SIGNATURE_INVALID', 'IDENTITY_CHANGED', 'IDENTITY_UNREADABLE',
  'APP_BLOCKED', 'APP_NOT_INSTALLED', 'APP_VERSION_MISMATCH', 'NOT_ADMIN_APPROVED', 'CLIENT_ID_UNKNOWN', 'CLIENT_SECRET_WRONG', 'APP_MISCONFIGURED',
  'USER_IP_BLOCKED', 'EGRESS_NOT_ALLOWLISTED', 'PASSWORD_CHANGED_OR_DEACTIVATED', 'USER_INACTIVE', 'ORG_INACTIVE', 'LOGIN_RATE',
  'INVITATION_INVALID', 'INVITATION_OTHER_WORKSPACE', 'NOT_INVITED', 'PERSON_DISABLED', 'ROLE_INSUFFICIENT',
  'SIGN_IN_NOT_FRESH', 'PROVIDER_UNKNOWN', 'PROVIDER_UNREACHABLE', 'PROVIDER_REFUSED', 'TOO_MANY_ATTEMPTS',
  'TICKET_INVALID', 'SALESFORCE_UNREACHABLE', 'AUTH_UNAVAILABLE', 'INTERNAL_ERROR',
] as const;
export type ConnectFailureCode = (typeof connectFailureCodes)[number];

/** The same text as a code of the contract; undefined for any other value. */
export function connectFailureCode(code: unknown): ConnectFailureCode | undefined {
  return connectFailureCodes.find((known) => known === code);
}
