import type { World } from '../oauth/world.ts';
import { recordId } from '../org/record-id.ts';
import { arraySource } from '../org/table.ts';
import type { QueryPlan } from '../soql/plan.ts';
import { runPlan, type QueryScope } from '../soql/run.ts';
import { RestError } from '../rest/rest-error.ts';
import { isTerminal, type BulkJob, type Delimiter } from './bulk-job.ts';

const day = 24 * 60 * 60_000;
const jobLifeMs = 7 * day;

/** Query jobs of the org and the course they take. */
export class BulkJobs {
  readonly #world: World;
  readonly #jobs = new Map<string, BulkJob>();
  #sequence = Math.floor(Math.random() * 10_000_000);

  constructor(world: World) {
    this.#world = world;
  }

  /** @throws RestError `LIMIT_EXCEEDED` */
  async create(plan: QueryPlan, operation: QueryScope, by: { userId: string; apiVersion: string; delimiter: Delimiter; lineEnding: 'LF' | 'CRLF' }): Promise<BulkJob> {
    const { settings, clock } = this.#world;
    if (this.today >= settings.bulkJobsPerDay) throw new RestError(400, 'LIMIT_EXCEEDED', `Max bulk v2 query jobs (${settings.bulkJobsPerDay}) per 24 hrs has been reached`);
    if (settings.bulkDailyVolumeExceeded) throw new RestError(400, 'LIMIT_EXCEEDED', 'Max bulk v2 query result size stored (1000000000) kb per 24 hrs has been exceeded');
    const job: BulkJob = {
      ...by, id: recordId('750', (this.#sequence += 1)), operation, plan, createdAt: clock.now(), startedAtMs: performance.now(), state: 'UploadComplete', changedAt: clock.now(), finishedAt: undefined,
      errorMessage: undefined, rows: arraySource([]), resultKey: '', totalProcessingMs: 0, locators: new Map(),
    };
    this.#jobs.set(job.id, job);
    this.#run(job);
    return job;
  }

  find(id: string): BulkJob | undefined {
    const job = this.#jobs.get(id);
    if (job?.finishedAt === undefined || this.#world.clock.now().getTime() - job.finishedAt.getTime() < jobLifeMs) return job;
    this.#jobs.delete(id);
    return undefined;
  }

  all(): readonly BulkJob[] {
    return [...this.#jobs.values()];
  }

  delete(id: string): void {
    this.#jobs.delete(id);
  }

  abort(job: BulkJob): void {
    this.#enter(job, 'Aborted');
  }

  /** Jobs made in the last 24 hours. */
  get today(): number {
    const since = this.#world.clock.now().getTime() - day;
    return this.all().filter(({ createdAt }) => createdAt.getTime() > since).length;
  }

  /** Takes the job through its states; runs beside the requests. */
  #run(job: BulkJob): void {
    const { settings } = this.#world;
    if (settings.bulkStuckIn === 'UploadComplete') return;
    const start = (): void => {
      if (isTerminal(job.state)) return;
      this.#enter(job, 'InProgress');
      if (settings.bulkStuckIn === 'InProgress') return;
      later(settings.bulkRunMs, () => void this.#finish(job));
    };
    later(settings.bulkQueueMs, start);
  }

  async #finish(job: BulkJob): Promise<void> {
    const failure = this.#plannedFailure(job);
    if (failure !== undefined) {
      job.errorMessage = failure ?? undefined;
      this.#enter(job, 'Failed');
      return;
    }
    const { org } = this.#world;
    job.plan.view.org.table(job.plan.query.object);
    job.resultKey = [org.version, job.operation, job.plan.query.text, job.plan.view.key].join('|');
    try {
      const rows = await runPlan(job.plan, job.operation);
      if (isTerminal(job.state)) return;
      job.rows = rows;
      this.#enter(job, 'JobComplete');
    } catch {
      job.errorMessage = 'Unexpected exception encountered in query processing. Please contact support with the following id: 326566388-63578 (-436445966)';
      this.#enter(job, 'Failed');
    }
  }

  /** The message of a failure that was asked for; null for one without a message. */
  #plannedFailure(job: BulkJob): string | null | undefined {
    const { bulkFailures } = this.#world.settings;
    const index = bulkFailures.findIndex(({ object }) => object === undefined || object.toLowerCase() === job.plan.table.definition.name.toLowerCase());
    const failure = bulkFailures[index];
    if (failure === undefined) return undefined;
    if (failure.times <= 1) bulkFailures.splice(index, 1);
    else bulkFailures[index] = { ...failure, times: failure.times - 1 };
    return failure.message;
  }

  #enter(job: BulkJob, state: BulkJob['state']): void {
    if (!this.#jobs.has(job.id)) return;
    job.state = state;
    job.changedAt = this.#world.clock.now();
    job.totalProcessingMs = Math.round(performance.now() - job.startedAtMs);
    if (isTerminal(state)) job.finishedAt = job.changedAt;
  }
}

/** At once when there is nothing to wait for; a waiting job keeps no process alive. */
function later(ms: number, run: () => void): void {
  if (ms === 0) run();
  else setTimeout(run, ms).unref();
}
