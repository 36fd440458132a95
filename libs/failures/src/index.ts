export {
  Failure, InvalidInput, Unauthenticated, Forbidden, NotFound, Conflict, ConsentRequired, RateLimited, NotBuilt, Unavailable, Defect,
  toFailure, type FailureKind, type FailureOptions,
} from './failure.ts';
export { failureToWire, failureFromWire, type WireFailure } from './failure-wire.ts';
export { dispositionOf, httpStatusOf, type Disposition } from './disposition-of.ts';
export { Secret } from './secret.ts';
