import type { Failure, FailureKind } from './failure.ts';

/** What a consumer tells the broker after a failed delivery. */
export type Disposition = { readonly kind: 'give-up' } | { readonly kind: 'again'; readonly afterMs: number | undefined };

/** Whether a failed event can be delivered again, and when; `afterMs: undefined` leaves the delay to the back-off. */
export function dispositionOf(failure: Failure): Disposition {
  const kind: FailureKind = failure.kind;
  switch (kind) {
    case 'invalid-input':
    case 'unauthenticated':
    case 'forbidden':
    case 'not-found':
    case 'conflict':
    case 'consent-required':
    case 'not-built':
      return { kind: 'give-up' };
    case 'rate-limited':
    case 'unavailable':
    case 'defect':
      return { kind: 'again', afterMs: failure.retryAfterMs };
    default:
      return kind satisfies never;
  }
}

/** The HTTP status of a failure kind. */
export function httpStatusOf(failure: Failure): number {
  const kind: FailureKind = failure.kind;
  switch (kind) {
    case 'invalid-input':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'not-found':
      return 404;
    case 'conflict':
    case 'consent-required':
      return 409;
    case 'rate-limited':
      return 429;
    case 'not-built':
      return 501;
    case 'unavailable':
      return 503;
    case 'defect':
      return 500;
    default:
      return kind satisfies never;
  }
}
