import { Failure, Unavailable } from '@tributary/failures';

/** Failures before the request left: name resolution, connection, TLS handshake. */
const beforeSending = /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EINSIDE|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|ERR_SSL_WRONG_VERSION_NUMBER|CERT_\w+|UNABLE_TO_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/;

/**
 * A lost call as a failure that tells whether the request may have been `sent`; what cannot be told apart counts as sent.
 * The error of the transport is kept as cause: it holds addresses and codes, never a header or a body.
 */
export function unreachable(cause: unknown, origin: string): Failure {
  if (cause instanceof Failure) return cause;
  const code = codeOf(cause);
  return new Unavailable('SALESFORCE_UNREACHABLE', `Salesforce does not answer at ${new URL(origin).host} (${code}).`, { cause, details: { sent: !beforeSending.test(code), code } });
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'DEADLINE';
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN';
}
