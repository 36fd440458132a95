import { connectFailureCode, type ConnectFailureCode } from '@tributary/api-contracts';
import { Failure, type FailureKind, type FailureOptions } from '@tributary/failures';
import { SalesforceAuthFailure } from '@tributary/salesforce-client';

/** Why a consent did not succeed; the portal has a fixed text for each. Causes of `SalesforceAuthFailure` join under their own code. */
export type ConsentCode = Extract<ConnectFailureCode,
  | 'CONSENT_DENIED' | 'STATE_UNKNOWN' | 'STATE_EXPIRED' | 'BROWSER_DIFFERENT' | 'CALLBACK_INCOMPLETE' | 'ISSUER_DIFFERENT'
  | 'SCOPE_MISSING' | 'SCOPE_TOO_WIDE' | 'IDENTITY_UNREADABLE' | 'IDENTITY_CHANGED' | SignInCode>;

/** Why somebody proven was not let in, or could not prove themselves. */
export type SignInCode = Extract<ConnectFailureCode,
  | 'INVITATION_INVALID' | 'INVITATION_OTHER_WORKSPACE' | 'NOT_INVITED' | 'PERSON_DISABLED' | 'ROLE_INSUFFICIENT'
  | 'SIGN_IN_NOT_FRESH' | 'PROVIDER_UNKNOWN' | 'PROVIDER_UNREACHABLE' | 'PROVIDER_REFUSED'>;

/** A consent that ended without a connection. */
export class ConsentFailure extends Failure {
  readonly kind: FailureKind = 'consent-required';

  constructor(code: ConsentCode, message: string, options: FailureOptions = {}) {
    super(code, message, options);
  }
}

const renamed: Readonly<Record<string, ConnectFailureCode>> = {
  AS_UNAVAILABLE: 'SALESFORCE_UNREACHABLE',
  REFRESH_AMBIGUOUS: 'SALESFORCE_UNREACHABLE',
  REFRESH_BUSY: 'SALESFORCE_UNREACHABLE',
  SCOPE_NOT_REGISTERED: 'SCOPE_MISSING',
  REVOKED_OR_UNKNOWN: 'CODE_EXPIRED',
  ANSWER_TOO_LARGE: 'SALESFORCE_UNREACHABLE',
  NOT_PRE_AUTHORISED: 'NOT_ADMIN_APPROVED',
  WRONG_AUDIENCE: 'APP_MISCONFIGURED',
  CERTIFICATE_MISMATCH: 'APP_MISCONFIGURED',
  IDENTITY_NOT_READABLE: 'IDENTITY_UNREADABLE',
};

/** The code the portal explains. Nothing that came from outside is part of it. */
export function failureCodeOf(failure: Failure): ConnectFailureCode {
  if (failure.kind === 'defect') return 'INTERNAL_ERROR';
  const known = renamed[failure.code] ?? connectFailureCode(failure.code);
  return known ?? (failure.kind === 'unavailable' ? 'AUTH_UNAVAILABLE' : 'INTERNAL_ERROR');
}

/** Whether a failure is worth a line for the operator, besides the page the person sees. */
export function concernsOperator(failure: Failure): boolean {
  return failure.kind === 'defect' || (failure instanceof SalesforceAuthFailure && failure.who === 'operator');
}
