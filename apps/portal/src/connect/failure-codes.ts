import { connectFailureCode, type ConnectFailureCode } from '@tributary/api-contracts';

/** A code with texts of its own, or `UNKNOWN` for the general text. */
export type FailureCode = ConnectFailureCode | 'UNKNOWN';

/** The code whose texts are shown. */
export function failureCodeOf(code: unknown): FailureCode {
  return connectFailureCode(code) ?? 'UNKNOWN';
}

const needChangeFirst: readonly FailureCode[] = ['HOST_NOT_ALLOWED', 'CLIENT_ID_UNKNOWN', 'CLIENT_SECRET_WRONG', 'APP_MISCONFIGURED', 'SCOPE_TOO_WIDE', 'EGRESS_NOT_ALLOWLISTED'];

/** Whether trying again can help before somebody has changed something. */
export function canRetry(code: FailureCode): boolean {
  return !needChangeFirst.includes(code);
}
