import { Unavailable } from '@tributary/failures';

/** Milliseconds an interactive question may take. */
export const questionTimeoutMs = 10_000;

export function queryTimeout(cause: unknown): Unavailable {
  return new Unavailable('query.timeout', 'The question took too long and was stopped.', { cause, action: 'Ask for a shorter period, fewer dimensions or more filters.' });
}

/** PostgreSQL's word for a statement that was stopped. */
export function isStatementTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '57014';
}
