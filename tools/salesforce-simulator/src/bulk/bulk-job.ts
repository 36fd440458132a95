import type { RowSource } from '../org/value.ts';
import type { QueryPlan } from '../soql/plan.ts';
import type { QueryScope } from '../soql/run.ts';

export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
export type Delimiter = 'BACKQUOTE' | 'CARET' | 'COMMA' | 'PIPE' | 'SEMICOLON' | 'TAB';

/** A query job and, once it is complete, its result: a snapshot that later changes do not touch. */
export interface BulkJob {
  readonly id: string;
  readonly operation: QueryScope;
  readonly plan: QueryPlan;
  readonly userId: string;
  readonly createdAt: Date;
  /** Such as `66.0`; results are read at the same one. */
  readonly apiVersion: string;
  readonly delimiter: Delimiter;
  readonly lineEnding: 'LF' | 'CRLF';
  readonly startedAtMs: number;
  state: JobState;
  changedAt: Date;
  finishedAt: Date | undefined;
  errorMessage: string | undefined;
  rows: RowSource;
  /** Changes whenever the same query would give other rows. */
  resultKey: string;
  totalProcessingMs: number;
  readonly locators: Map<string, number>;
}

export function isTerminal(state: JobState): boolean {
  return state === 'JobComplete' || state === 'Failed' || state === 'Aborted';
}

/** A job as create, info and list show it. */
export function jobView(job: BulkJob, detail: 'created' | 'info' | 'listed'): Record<string, unknown> {
  const base = {
    id: job.id, operation: job.operation, object: job.plan.table.definition.name, createdById: job.userId, createdDate: offsetForm(job.createdAt), systemModstamp: offsetForm(job.changedAt), state: job.state,
    concurrencyMode: 'Parallel', contentType: 'CSV', apiVersion: Number(job.apiVersion), ...(detail === 'created' ? {} : { jobType: 'V2Query' }), lineEnding: job.lineEnding, columnDelimiter: job.delimiter,
  };
  if (detail !== 'info') return base;
  return {
    ...base, ...(job.state === 'JobComplete' ? { numberRecordsProcessed: job.rows.length } : {}), retries: 0, totalProcessingTime: job.totalProcessingMs, isPkChunkingSupported: true,
    ...(job.state === 'Failed' && job.errorMessage !== undefined ? { errorMessage: job.errorMessage } : {}),
  };
}

function offsetForm(date: Date): string {
  return date.toISOString().replace(/Z$/, '+0000');
}
