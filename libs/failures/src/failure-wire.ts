import {
  Conflict, ConsentRequired, Defect, type Failure, Forbidden, InvalidInput, NotBuilt, NotFound, RateLimited, Unauthenticated, Unavailable,
  type FailureKind, type FailureOptions,
} from './failure.ts';

/** A failure as it travels between services: no stack, no cause. */
export interface WireFailure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly action?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

type FailureClass = new (code: string, message: string, options?: FailureOptions) => Failure;

const classes: Readonly<Record<FailureKind, FailureClass>> = {
  'invalid-input': InvalidInput,
  unauthenticated: Unauthenticated,
  forbidden: Forbidden,
  'not-found': NotFound,
  conflict: Conflict,
  'consent-required': ConsentRequired,
  'rate-limited': RateLimited,
  'not-built': NotBuilt,
  unavailable: Unavailable,
  defect: Defect,
};

/** The plain JSON form of a failure. */
export function failureToWire(failure: Failure): WireFailure {
  const { kind, code, message, action, retryAfterMs, details } = failure;
  return { kind, code, message, action, retryAfterMs, details };
}

/** The failure a peer sent; an unknown kind becomes a `Defect`. */
export function failureFromWire(wire: Omit<WireFailure, 'kind'> & { readonly kind: string }): Failure {
  const FailureOfKind = isKind(wire.kind) ? classes[wire.kind] : Defect;
  return new FailureOfKind(wire.code, wire.message, {
    details: wire.details,
    ...(wire.action === undefined ? {} : { action: wire.action }),
    ...(wire.retryAfterMs === undefined ? {} : { retryAfterMs: wire.retryAfterMs }),
  });
}

function isKind(kind: string): kind is FailureKind {
  return Object.hasOwn(classes, kind);
}
