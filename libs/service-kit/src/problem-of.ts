import type { Problem } from '@tributary/api-contracts';
import { httpStatusOf, type Failure } from '@tributary/failures';

/** The RFC 9457 problem document of a failure. Defects say nothing of their inside. */
export function problemOf(failure: Failure, correlationId: string): Problem {
  const hidden = failure.kind === 'defect';
  return {
    type: `urn:tributary:problem:${failure.code}`,
    title: titles[failure.kind],
    status: httpStatusOf(failure),
    code: failure.code,
    detail: hidden ? 'Something unexpected happened on our side.' : failure.message,
    ...(failure.action === undefined ? {} : { action: failure.action }),
    correlationId,
    ...(hidden || Object.keys(failure.details).length === 0 ? {} : { details: { ...failure.details } }),
  };
}

const titles: Readonly<Record<Failure['kind'], string>> = {
  'invalid-input': 'The request is not valid',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'Not possible in the present state',
  'consent-required': 'Consent is needed again',
  'rate-limited': 'Too many requests',
  'not-built': 'Not available yet',
  unavailable: 'Temporarily unavailable',
  defect: 'Internal error',
};
