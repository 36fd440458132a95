import { z } from 'zod';
import { empty, json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { World } from '../oauth/world.ts';
import { dateOf } from '../org/value.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import type { Session } from '../rest/session.ts';
import { parseSoql } from '../soql/parser.ts';
import { planQuery } from '../soql/plan.ts';
import { requireBulkPlan, requireBulkSyntax } from './bulk-checks.ts';
import { isTerminal, jobView, type BulkJob } from './bulk-job.ts';
import { BulkJobs } from './bulk-jobs.ts';
import { ResultPages } from './result-pages.ts';

const CreateJob = z.object({
  operation: z.enum(['query', 'queryAll']),
  query: z.string().min(1),
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: z.enum(['BACKQUOTE', 'CARET', 'COMMA', 'PIPE', 'SEMICOLON', 'TAB']).default('COMMA'),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});
const listPage = 1_000;

/** `/jobs/query` and below. */
export class BulkApi {
  readonly #world: World;
  readonly #pages: ResultPages;
  readonly jobs: BulkJobs;

  constructor(world: World) {
    this.#world = world;
    this.#pages = new ResultPages(world.settings);
    this.jobs = new BulkJobs(world);
  }

  get jobsToday(): number {
    return this.jobs.today;
  }

  /** @param path what follows `/jobs` @throws RestError, SoqlError */
  async answer(request: HttpRequest, session: Session, version: string, [kind, id, part]: readonly string[]): Promise<Reply> {
    if (kind !== 'query') throw notFound();
    if (id === undefined) return this.#collection(request, session, version);
    const job = this.jobs.find(id);
    if (job === undefined) throw notFound();
    if (part === undefined) return this.#job(request, job);
    if (request.method !== 'GET') throw new RestError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed. Allowed are GET`);
    if (part !== 'results' && part.toLowerCase() !== 'resultpages') throw notFound();
    if (version !== job.apiVersion) throw new RestError(409, 'INVALIDVERSION', `The job was created with API version ${job.apiVersion}`);
    if (job.state !== 'JobComplete') return this.#tooEarly(job);
    return part === 'results' ? this.#pages.results(job, request) : this.#pages.resultPages(job, request);
  }

  async #collection(request: HttpRequest, session: Session, version: string): Promise<Reply> {
    if (request.method === 'GET') return this.#list(request, version);
    if (request.method !== 'POST') throw new RestError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed. Allowed are GET,POST`);
    const { operation, query, columnDelimiter, lineEnding } = readJob(request.body);
    const parsed = parseSoql(query);
    requireBulkSyntax(parsed);
    const plan = planQuery(parsed, session.view, dateOf(this.#world.clock.now()));
    requireBulkPlan(plan);
    const job = await this.jobs.create(plan, operation, { userId: session.userId, apiVersion: version, delimiter: columnDelimiter, lineEnding });
    return jobReply({ ...jobView(job, 'created'), state: 'UploadComplete' });
  }

  #job(request: HttpRequest, job: BulkJob): Reply {
    switch (request.method) {
      case 'GET': return jobReply(jobView(job, 'info'));
      case 'PATCH':
        if (!/"state"\s*:\s*"Aborted"/.test(request.body)) throw new RestError(400, 'INVALIDJOBSTATE', 'The state of a query job can only be set to Aborted');
        if (isTerminal(job.state)) throw new RestError(400, 'INVALIDJOBSTATE', 'Aborting already Completed Job not allowed');
        this.jobs.abort(job);
        return jobReply(jobView(job, 'created'));
      case 'DELETE':
        if (!isTerminal(job.state)) throw new RestError(400, 'API_ERROR', 'Error encountered when deleting the job because the job is not terminated');
        this.jobs.delete(job.id);
        return empty(204);
      default: throw new RestError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed. Allowed are DELETE,GET,PATCH`);
    }
  }

  #tooEarly({ state }: BulkJob): Reply {
    if (this.#world.settings.bulkEarlyResults === 204) return empty(204);
    const shouted = state.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
    throw new RestError(412, 'JOB_NOT_COMPLETE', `can only download query results of successfully completed bulk job with status: JOB_COMPLETE. Current status: ${shouted}`);
  }

  /** The documented sample's next address says `/jobs/ingest`, even in the list of query jobs. */
  #list({ query }: HttpRequest, version: string): Reply {
    const from = Number(/-(\d+)$/.exec(query.get('queryLocator') ?? '')?.[1] ?? 0);
    const jobs = this.jobs.all().filter(({ id }) => this.jobs.find(id) !== undefined);
    const until = from + listPage;
    const done = until >= jobs.length;
    return jobReply({
      done, records: jobs.slice(from, until).map((job) => jobView(job, 'listed')), ...(done ? { nextRecordsUrl: null } : { nextRecordsUrl: `/services/data/v${version}/jobs/ingest?queryLocator=01gSm0000000opRTIAY-${until}` }),
    });
  }
}

/** `apiVersion` is a number that keeps its decimal. */
function jobReply(body: unknown): Reply {
  return { ...json(200, body), body: JSON.stringify(body).replace(/"apiVersion":(\d+)([,}])/g, '"apiVersion":$1.0$2') };
}

function readJob(body: string): z.infer<typeof CreateJob> {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw new RestError(400, 'JSON_PARSER_ERROR', 'The request body is no JSON');
  }
  const parsed = CreateJob.safeParse(given);
  if (!parsed.success) throw new RestError(400, 'INVALIDJOB', `Unable to parse Job: ${parsed.error.issues[0]?.path.join('.') ?? 'body'}`);
  return parsed.data;
}
