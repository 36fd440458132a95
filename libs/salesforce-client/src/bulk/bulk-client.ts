import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { rebased } from '../rest/data-client.ts';
import { readAnswer } from '../rest/read-answer.ts';
import { brokenAnswer, SalesforceCallFailure } from '../rest/rest-failure.ts';
import type { SalesforceSession } from '../rest/session.ts';

const Job = z.object({
  id: z.string().regex(/^750[a-zA-Z0-9]{12,15}$/),
  state: z.enum(['UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted']),
  apiVersion: z.number().optional(),
  numberRecordsProcessed: z.int().nonnegative().optional(),
  errorMessage: z.string().optional(),
});
export type BulkJob = z.infer<typeof Job>;

/** A job as it stands in the list, which has those of other tools and of the other APIs too. */
const Listed = z.object({
  id: z.string(),
  operation: z.string(),
  object: z.string().nullish(),
  createdById: z.string(),
  createdDate: z.string().transform((text) => new Date(text)),
  state: z.string(),
  apiVersion: z.number().nullish(),
  contentType: z.string().nullish(),
});
export type ListedJob = z.infer<typeof Listed>;

const JobList = z.object({ done: z.boolean(), records: z.array(Listed), nextRecordsUrl: z.string().nullish() });

const ResultPages = z.object({
  resultPages: z.array(z.object({ resultUrl: z.string() })),
  nextRecordsUrl: z.string().nullish(),
  nextRecordUrl: z.string().nullish(),
  done: z.boolean(),
});

/** One page of a job's result; `body` must be read to its end or destroyed. */
export interface BulkPage {
  readonly body: Readable;
  /** Locator of the next page; undefined after the last. */
  readonly nextLocator: string | undefined;
  /** Rows the page says it has; undefined when it does not say. */
  readonly records: number | undefined;
}

const pollDelaysMs = [150, 250, 400, 700, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
const guardMs = 24 * 60 * 60_000;

/** Bulk API 2.0 query jobs of one org at one API version; a job must be read at the version it was made with. */
export class BulkClient {
  readonly #root: string;

  constructor(
    private readonly session: SalesforceSession,
    readonly apiVersion: string,
  ) {
    this.#root = `/services/data/v${apiVersion}/jobs/query`;
  }

  /** Creates a job over all rows, deleted ones included. Never asked again by itself when the answer is lost, which would leave a job nobody knows of. @throws what `mayHaveHappened` tells apart */
  async create(soql: string): Promise<BulkJob> {
    const body = JSON.stringify({ operation: 'queryAll', query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' });
    return readAnswer(Job, await this.session.text({ method: 'POST', path: this.#root, headers: { 'content-type': 'application/json' }, body }, { mayRepeat: false }));
  }

  /**
   * Query jobs of the whole org, whoever made them, in no order.
   * @param maxPages of up to a thousand jobs
   * @returns undefined when there are more
   */
  async list(maxPages: number): Promise<readonly ListedJob[] | undefined> {
    const jobs: ListedJob[] = [];
    let query = 'jobType=V2Query';
    for (let page = 0; page < maxPages; page += 1) {
      const { done, records, nextRecordsUrl }: z.infer<typeof JobList> = readAnswer(JobList, await this.session.text({ method: 'GET', path: `${this.#root}?${query}` }));
      jobs.push(...records);
      // The documented address of the next page is that of another kind of jobs: only its locator counts.
      const locator = done || !nextRecordsUrl ? null : new URL(nextRecordsUrl, 'https://pinned.invalid').searchParams.get('queryLocator');
      if (locator === null) return done ? jobs : undefined;
      query = new URLSearchParams({ jobType: 'V2Query', queryLocator: locator }).toString();
    }
    return undefined;
  }

  async info(jobId: string): Promise<BulkJob> {
    return this.#job({ method: 'GET', path: `${this.#root}/${jobId}` });
  }

  /** Waits for the end of a job. @throws SalesforceCallFailure of the job's own error when it failed or was aborted */
  async untilComplete(jobId: string, signal: AbortSignal, withinMs = guardMs): Promise<BulkJob> {
    const endsAt = performance.now() + withinMs;
    for (let poll = 0; performance.now() < endsAt; poll += 1) {
      const job = await this.info(jobId);
      if (job.state === 'JobComplete') return job;
      if (job.state === 'Failed' || job.state === 'Aborted') throw failedJob(job);
      await sleep(pollDelaysMs[Math.min(poll, pollDelaysMs.length - 1)], undefined, { signal });
    }
    throw new SalesforceCallFailure('split-window', 0, 'JOB_STUCK', 'The export job did not end in time.');
  }

  /** One result page; the first without a locator. @param maxRecords most rows of it; pages named by `resultPages` have the org's own size @throws SalesforceCallFailure `not-ready` before the job is complete */
  async results(jobId: string, locator: string | undefined, maxRecords?: number): Promise<BulkPage> {
    const query = new URLSearchParams({ ...(locator === undefined ? {} : { locator }), ...(maxRecords === undefined ? {} : { maxRecords: String(maxRecords) }) }).toString();
    const answer = await this.session.stream({ method: 'GET', path: `${this.#root}/${jobId}/results${query === '' ? '' : `?${query}`}`, headers: { accept: 'text/csv', 'accept-encoding': 'gzip' } });
    const next = header(answer.headers['sforce-locator']);
    const records = header(answer.headers['sforce-numberofrecords']);
    return { body: answer.body, nextLocator: next === undefined || next === 'null' || next === '' ? undefined : next, records: records !== undefined && /^\d+$/.test(records) ? Number(records) : undefined };
  }

  /** Locators of all pages, for reading several at once. */
  async resultPages(jobId: string): Promise<(string | undefined)[]> {
    const locators: (string | undefined)[] = [];
    const asked = new Set<string>();
    let path: string | undefined = `${this.#root}/${jobId}/resultPages`;
    while (path !== undefined) {
      // A server that names the same page again would be asked for ever.
      if (asked.has(path)) throw brokenAnswer(200);
      asked.add(path);
      const page: z.infer<typeof ResultPages> = readAnswer(ResultPages, await this.session.text({ method: 'GET', path }));
      locators.push(...page.resultPages.map(({ resultUrl }) => new URL(resultUrl, 'https://pinned.invalid').searchParams.get('locator') ?? undefined));
      path = page.done ? undefined : rebased(page.nextRecordsUrl ?? page.nextRecordUrl ?? undefined);
    }
    return locators;
  }

  async abort(jobId: string): Promise<void> {
    await this.session.text({ method: 'PATCH', path: `${this.#root}/${jobId}`, headers: { 'content-type': 'application/json' }, body: '{"state":"Aborted"}' });
  }

  /** Deletes a finished job with its results. */
  async delete(jobId: string): Promise<void> {
    await this.session.text({ method: 'DELETE', path: `${this.#root}/${jobId}` });
  }

  async #job(call: Parameters<SalesforceSession['text']>[0]): Promise<BulkJob> {
    return readAnswer(Job, await this.session.text(call));
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function failedJob({ state, errorMessage = '' }: BulkJob): SalesforceCallFailure {
  if (state === 'Aborted') return new SalesforceCallFailure('cursor-lost', 0, 'JOB_ABORTED', 'Somebody aborted the export job at Salesforce.');
  const split = /QUERY_TIMEOUT|running for too long|[Rr]etried more than|Failed to write query result|QUERY_TOO_COMPLICATED|OPERATION_TOO_LARGE/.test(errorMessage);
  return new SalesforceCallFailure(split ? 'split-window' : 'use-other-api', 0, 'JOB_FAILED', errorMessage === '' ? 'The export job failed at Salesforce.' : errorMessage.slice(0, 500));
}
