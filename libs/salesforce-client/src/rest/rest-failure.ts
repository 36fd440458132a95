import { Failure, Unavailable, type FailureKind } from '@tributary/failures';

/** What to do about a refused data call. */
export type RestReaction =
  | 'renew-token'
  | 'session-refused'
  | 'daily-limit'
  | 'busy-org'
  | 'api-disabled'
  | 'forbidden-object'
  | 'schema-drift'
  | 'split-window'
  | 'cursor-lost'
  | 'use-other-api'
  | 'not-ready'
  | 'org-moved'
  | 'transient'
  | 'maintenance'
  | 'version-retired'
  | 'our-fault';

const kinds: Readonly<Record<RestReaction, FailureKind>> = {
  'renew-token': 'consent-required',
  'session-refused': 'forbidden',
  'daily-limit': 'rate-limited',
  'busy-org': 'rate-limited',
  'api-disabled': 'forbidden',
  'forbidden-object': 'forbidden',
  'schema-drift': 'conflict',
  'split-window': 'conflict',
  'cursor-lost': 'conflict',
  'use-other-api': 'conflict',
  'not-ready': 'unavailable',
  'org-moved': 'unavailable',
  transient: 'unavailable',
  maintenance: 'unavailable',
  'version-retired': 'conflict',
  'our-fault': 'defect',
};

/** A refused call of a data API; `code` is Salesforce's own error code where it gave one. */
export class SalesforceCallFailure extends Failure {
  readonly kind: FailureKind;
  readonly reaction: RestReaction;
  readonly status: number;
  /** Of the token it was refused to; undefined where that is not known. */
  readonly epoch: number | undefined;

  constructor(reaction: RestReaction, status: number, code: string, message: string, retryAfterMs?: number, epoch?: number) {
    super(code, message, { details: { status, reaction }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    this.kind = kinds[reaction];
    this.reaction = reaction;
    this.status = status;
    this.epoch = epoch;
  }
}

const splitTexts = /QUERY_TIMEOUT|Retried more than|retried more than|Failed to write query result|running for too long/;
const otherApiTexts = /not supported by the Bulk API|does not support query|compound data not supported|Aggregate Relationships not supported|^Implementation restriction/i;

const byCode: Readonly<Record<string, RestReaction>> = {
  API_DISABLED_FOR_ORG: 'api-disabled',
  FUNCTIONALITY_NOT_ENABLED: 'forbidden-object',
  INSUFFICIENT_ACCESS: 'forbidden-object',
  INSUFFICIENT_ACCESS_OR_READONLY: 'forbidden-object',
  FORBIDDEN: 'forbidden-object',
  OPERATION_NOT_ALLOWED: 'forbidden-object',
  INVALID_OPERATION_WITH_EXPIRED_PASSWORD: 'session-refused',
  INVALID_FIELD: 'schema-drift',
  INVALID_TYPE: 'schema-drift',
  QUERY_TIMEOUT: 'split-window',
  QUERY_TOO_COMPLICATED: 'split-window',
  OPERATION_TOO_LARGE: 'split-window',
  EXCEEDED_ID_LIMIT: 'split-window',
  INVALID_QUERY_LOCATOR: 'cursor-lost',
  INVALID_REPLICATION_DATE: 'cursor-lost',
  INVALIDENTITY: 'use-other-api',
  LIMIT_EXCEEDED: 'use-other-api',
  EXCEEDEDQUOTA: 'use-other-api',
  FEATURENOTENABLED: 'use-other-api',
  TXN_SECURITY_METERING_ERROR: 'use-other-api',
  JOB_NOT_COMPLETE: 'not-ready',
  INVALID_AUTH_HEADER: 'our-fault',
  MALFORMED_QUERY: 'our-fault',
  UNSUPPORTED_API_VERSION: 'version-retired',
  UNKNOWN_EXCEPTION: 'transient',
  SERVER_UNAVAILABLE: 'maintenance',
};

/** Classifies a data call's answer that is no success: JSON array, object, HTML, text or nothing. */
export function classifyRestAnswer(status: number, contentType: string, text: string, retryAfterMs?: number): SalesforceCallFailure {
  const { code, message } = firstError(contentType, text);
  return new SalesforceCallFailure(reactionOf(status, code, message), status, code || `HTTP_${status}`, message || `Salesforce answered with status ${status}.`, retryAfterMs);
}

/** An answer of 2xx whose body is not what was asked for: a login page, nothing, an error in disguise. Its text is kept out of the failure. */
export function brokenAnswer(status: number): SalesforceCallFailure {
  return new SalesforceCallFailure('transient', status, 'ANSWER_BROKEN', 'Salesforce answered something other than data.');
}

/** Whether what a failed call asked for may have been done all the same: its answer was lost, cut or no answer, or the server broke down over it. */
export function mayHaveHappened(error: unknown): boolean {
  if (error instanceof SalesforceCallFailure) return error.reaction === 'transient' && (error.status < 400 || error.status >= 500);
  return error instanceof Unavailable && error.details['sent'] !== false;
}

function reactionOf(status: number, code: string, message: string): RestReaction {
  if (status === 401) return unauthorised(code, message);
  if (code === 'REQUEST_LIMIT_EXCEEDED') return /Concurrent/i.test(message) ? 'busy-org' : 'daily-limit';
  if (splitTexts.test(message) || splitTexts.test(code)) return 'split-window';
  if (otherApiTexts.test(message) || /BulkApiQuery|Async API not enabled/i.test(message)) return 'use-other-api';
  const known = byCode[code] ?? byCode[code.toUpperCase()];
  if (known !== undefined) return known;
  if (status === 412 || status === 204 || /job is not terminated/i.test(message)) return 'not-ready';
  if (message === orgMoved || [301, 302, 303, 307, 308].includes(status)) return 'org-moved';
  if (status === 404 || status === 409) return 'cursor-lost';
  if (status === 410 || (status === 400 && code === 'NOT_FOUND')) return 'version-retired';
  if (status === 413 || status === 414 || status === 431) return 'use-other-api';
  if (status === 503) return 'maintenance';
  if (status === 403) return 'forbidden-object';
  if (status === 406 || status === 420 || status === 429 || status >= 500 || /Access Declined/i.test(message)) return 'transient';
  return 'our-fault';
}

/** A page of Salesforce under an address that has no org any more. */
const orgMoved = 'URL No Longer Exists';

function unauthorised(code: string, message: string): RestReaction {
  if (/not valid for use with the REST API|not attached to Agent/i.test(message)) return 'session-refused';
  return code === 'INVALID_AUTH_HEADER' ? 'our-fault' : 'renew-token';
}

function firstError(contentType: string, text: string): { code: string; message: string } {
  if (!/json/i.test(contentType)) return { code: '', message: /access declined/i.test(text) ? 'Access Declined' : /URL No Longer Exists/i.test(text) ? orgMoved : '' };
  try {
    const body: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(body) ? body[0] : body;
    if (typeof first !== 'object' || first === null) return { code: '', message: '' };
    return { code: 'errorCode' in first ? String(first.errorCode).slice(0, 80) : '', message: 'message' in first ? String(first.message).trim().slice(0, 500) : '' };
  } catch {
    return { code: '', message: '' };
  }
}
