import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Settings } from '../control/settings.ts';
import type { HttpRequest } from '../http/request.ts';
import { json, type Reply } from '../http/reply.ts';
import { RestError } from '../rest/rest-error.ts';
import type { BulkJob } from './bulk-job.ts';
import { csvPage } from './csv.ts';
import { PageCache } from './page-cache.ts';

const urlsPerAnswer = 5;

/** Result pages of complete jobs, one after the other or several at once. */
export class ResultPages {
  readonly #settings: Settings;
  readonly #cache = new PageCache();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** A page as CSV. @throws RestError 400 for a locator that the job did not give */
  results(job: BulkJob, request: HttpRequest): Reply {
    const from = this.#position(job, request.query.get('locator'));
    const asked = Number(request.query.get('maxRecords') ?? NaN);
    const size = Number.isInteger(asked) && asked > 0 ? asked : this.#settings.bulkPageRows;
    const until = Math.min(job.rows.length, from + size);
    const next = until < job.rows.length ? locatorAt(job, until) : 'null';
    const headers = {
      'content-type': 'text/csv; charset=UTF-8', 'cache-control': 'no-cache,must-revalidate,max-age=0,no-store,private', 'sforce-locator': next,
      'sforce-numberofrecords': String(until - from + this.#settings.bulkRecordCountError),
    };
    if (job.rows.length === 0 && this.#settings.bulkEmptyResult === 'nothing') return { status: 200, headers, body: '' };
    const gzip = this.#settings.bulkGzip && request.acceptsGzip;
    const end = Math.max(from, until - request.truncateRows);
    return { status: 200, headers: gzip ? { ...headers, 'content-encoding': 'gzip' } : headers, body: this.#body(job, from, end, gzip) };
  }

  /** Up to five addresses of pages, and where there are more. */
  resultPages(job: BulkJob, request: HttpRequest): Reply {
    const { bulkPageRows, bulkPagesSpelling, bulkNextUrlWhenDone } = this.#settings;
    const root = `/services/data/v${job.apiVersion}/jobs/query/${job.id}`;
    const from = this.#position(job, request.query.get('locator'));
    const urls: string[] = [];
    let at = from;
    for (; at < Math.max(1, job.rows.length) && urls.length < urlsPerAnswer; at += bulkPageRows) urls.push(`${root}/results?locator=${locatorAt(job, at)}`);
    const done = at >= job.rows.length;
    const next = done ? (bulkNextUrlWhenDone === 'null' ? { nextRecordsUrl: null } : {}) : { nextRecordsUrl: `${root}/${bulkPagesSpelling}?locator=${locatorAt(job, at)}` };
    return json(200, { resultPages: urls.map((resultUrl) => ({ resultUrl })), ...next, done });
  }

  #body(job: BulkJob, from: number, until: number, gzip: boolean): AsyncIterable<Buffer> {
    const key = [job.resultKey, job.delimiter, job.lineEnding, from, until, gzip].join('|');
    const cached = this.#cache.get(key);
    if (cached !== undefined) return Readable.from(cached, { objectMode: true });
    const page = csvPage(job.plan.fields, job.rows, from, until, job);
    return this.#cache.through(key, gzip ? compressed(page) : page);
  }

  #position(job: BulkJob, locator: string | null): number {
    if (locator === null) return 0;
    const position = job.locators.get(locator);
    if (position === undefined) throw new RestError(400, 'INVALIDLOCATOR', 'Invalid locator');
    return position;
  }
}

/** Opaque, and the same each time for the same place of a job. */
function locatorAt(job: BulkJob, position: number): string {
  const locator = createHash('sha256').update(`${job.id}:${position}`).digest('base64url').replace(/[-_]/g, '').slice(0, 10);
  job.locators.set(locator, position);
  return locator;
}

function compressed(page: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gzip = createGzip({ level: 1, chunkSize: 64 * 1024 });
  // An error ends the stream, and with it the answer.
  pipeline(Readable.from(page, { objectMode: true }), gzip, () => {});
  return gzip;
}
