import { z } from 'zod';
import { ObjectName } from './object-name.ts';

/** What a call at Salesforce was made for. */
export const CallPurpose = z.enum([
  'versions', 'limits', 'objects', 'describe', 'setup', 'record-counts', 'count', 'query', 'deletions', 'job-create', 'job-state', 'job-pages', 'job-results', 'job-abort', 'job-delete', 'other',
  'subscribe', 'event-schema',
  'token-code', 'token-refresh', 'token-assertion', 'token-revoke', 'identity', 'userinfo', 'login-host', 'login-keys',
]);
export type CallPurpose = z.infer<typeof CallPurpose>;

/** Calls of OAuth and of the Pub/Sub API are none of the org's daily API requests. */
const free: ReadonlySet<CallPurpose> = new Set(['subscribe', 'event-schema', 'token-code', 'token-refresh', 'token-assertion', 'token-revoke', 'identity', 'userinfo', 'login-host', 'login-keys']);

/** Whether a call is one of the org's daily API requests. */
export function countsAgainstLimit(purpose: CallPurpose): boolean {
  return !free.has(purpose);
}

/** One call that was made at Salesforce. No query text, no header, no body. */
export const SalesforceCallRecord = z.object({
  /** In the order of time. */
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Of HTTP; `GRPC` for the Pub/Sub API, whose path is then the method of gRPC. */
  method: z.string(),
  path: z.string(),
  purpose: CallPurpose,
  object: z.string().nullable(),
  runId: z.uuid().nullable(),
  /** Rows in the answer, or events of a stream so far; null where there are none to count. */
  rows: z.int().nonnegative().nullable(),
  /** Of HTTP; 0 when there was no answer. */
  status: z.int().nonnegative(),
  /** Of a stream: how long it has been open. */
  ms: z.int().nonnegative(),
  /** Calls of the org in 24 hours after this one, as Salesforce counts; null where it did not tell. */
  apiUsed: z.int().nonnegative().nullable(),
  /** Whether it is one of the org's daily API requests; sign-ins, tokens and streams of changes are not. */
  countsAgainstLimit: z.boolean(),
});
export type SalesforceCallRecord = z.infer<typeof SalesforceCallRecord>;

/** Which calls are listed: a page of at most `limit`, older than the call `before`, of one object or one purpose when given. */
export const CallsRequest = z.object({
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  object: ObjectName.optional(),
  purpose: CallPurpose.optional(),
});
export type CallsRequest = z.infer<typeof CallsRequest>;

/** Calls of a connection that one service keeps, newest first. */
export const SalesforceCallList = z.object({
  calls: z.array(SalesforceCallRecord),
  /** Calls older than the last one shown; null at the end. */
  before: z.string().nullable(),
  keptDays: z.int().positive(),
  /** Null: within those days every call is kept. */
  keptCalls: z.int().positive().nullable(),
});
export type SalesforceCallList = z.infer<typeof SalesforceCallList>;

/** Calls that are not in a list, because the service that keeps them did not answer. */
export const MissingCalls = z.object({
  /** `access`: sign-ins, tokens and their renewal, of auth-service; `data`: what is read of the org, of ingest-service. */
  part: z.enum(['access', 'data']),
  code: z.string(),
  /** Why, in a sentence. */
  text: z.string(),
});
export type MissingCalls = z.infer<typeof MissingCalls>;

/** `GET /api/connections/{id}/calls`, newest first: those of every service that answered. */
export const ConnectionCalls = SalesforceCallList.extend({
  /** What is not in this page although it belongs there; empty when it is whole. */
  missing: z.array(MissingCalls),
});
export type ConnectionCalls = z.infer<typeof ConnectionCalls>;
