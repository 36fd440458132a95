/** What a caller can do about a failure; one HTTP status and one delivery disposition belong to each kind. */
export type FailureKind =
  | 'invalid-input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'consent-required'
  | 'rate-limited'
  | 'not-built'
  | 'unavailable'
  | 'defect';

export interface FailureOptions {
  /** The error that led here; kept for logs, never sent to a client. */
  readonly cause?: unknown;
  /** Safe facts (ids, counts, names of settings); never a secret or a body. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** One sentence: what the person can do now. */
  readonly action?: string;
  /** Milliseconds until another try makes sense. */
  readonly retryAfterMs?: number;
}

/**
 * An expected way for work to end badly.
 * `code` is stable upper snake case and belongs to the module that raises it; `message` is a sentence for people.
 */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly action: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    this.action = options.action;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the same work may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.kind === 'rate-limited' || this.kind === 'unavailable' || this.kind === 'defect';
  }
}

/** What entered does not fit its schema or rule: 400. */
export class InvalidInput extends Failure {
  readonly kind = 'invalid-input';
}
/** Nobody is signed in, or the session ended: 401. */
export class Unauthenticated extends Failure {
  readonly kind = 'unauthenticated';
}
/** Signed in, but not allowed: 403. */
export class Forbidden extends Failure {
  readonly kind = 'forbidden';
}
/** Does not exist, or not for this person: 404. */
export class NotFound extends Failure {
  readonly kind = 'not-found';
}
/** Contradicts the present state: 409. */
export class Conflict extends Failure {
  readonly kind = 'conflict';
}
/** The person must consent again at Salesforce: 409. */
export class ConsentRequired extends Failure {
  readonly kind = 'consent-required';
}
/** A limit of ours or of Salesforce: 429 with `retryAfterMs`. */
export class RateLimited extends Failure {
  readonly kind = 'rate-limited';
}
/** Part of the published contract, not yet built: 501. */
export class NotBuilt extends Failure {
  readonly kind = 'not-built';
}
/** Something we need does not answer: 503. */
export class Unavailable extends Failure {
  readonly kind = 'unavailable';
}
/** Our bug, or anything unknown: 500. */
export class Defect extends Failure {
  readonly kind = 'defect';
}

/** Any thrown value as a `Failure`; what is not one becomes `Defect` `INVARIANT_BROKEN` with the value as cause. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Defect('INVARIANT_BROKEN', 'Something unexpected happened on our side.', { cause: thrown });
}
