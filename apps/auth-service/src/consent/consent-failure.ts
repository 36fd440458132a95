import { Failure, type FailureKind, type FailureOptions } from '@tributary/failures';
import { SalesforceAuthFailure } from '@tributary/salesforce-client';

/** Why a consent did not succeed; the portal has a fixed text for each. Causes of `SalesforceAuthFailure` join under their own code. */
export type ConsentCode =
  | 'STATE_UNKNOWN' | 'STATE_EXPIRED' | 'BROWSER_DIFFERENT' | 'CALLBACK_INCOMPLETE' | 'ISSUER_DIFFERENT'
  | 'SCOPE_MISSING' | 'SCOPE_TOO_WIDE' | 'IDENTITY_UNREADABLE' | 'IDENTITY_CHANGED';

/** A consent that ended without a connection. */
export class ConsentFailure extends Failure {
  readonly kind: FailureKind = 'consent-required';

  constructor(code: ConsentCode, message: string, options: FailureOptions = {}) {
    super(code, message, options);
  }
}

const renamed: Readonly<Record<string, string>> = {
  AS_UNAVAILABLE: 'SALESFORCE_UNREACHABLE',
  REFRESH_AMBIGUOUS: 'SALESFORCE_UNREACHABLE',
  REFRESH_BUSY: 'SALESFORCE_UNREACHABLE',
  SCOPE_NOT_REGISTERED: 'SCOPE_MISSING',
  REVOKED_OR_UNKNOWN: 'CODE_EXPIRED',
  ANSWER_TOO_LARGE: 'SALESFORCE_UNREACHABLE',
};

/** The code the portal explains. Nothing that came from outside is part of it. */
export function failureCodeOf(failure: Failure): string {
  if (failure.kind === 'defect') return 'INTERNAL_ERROR';
  return renamed[failure.code] ?? failure.code;
}

/** Whether a failure is worth a line for the operator, besides the page the person sees. */
export function concernsOperator(failure: Failure): boolean {
  return failure.kind === 'defect' || (failure instanceof SalesforceAuthFailure && failure.who === 'operator');
}
