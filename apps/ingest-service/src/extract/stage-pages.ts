import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { BulkPage } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { allowDoubles, isRowTwice } from '../load/load-table.ts';
import { copyCsvPage, stageName } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { noteFinishedJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isStuck, isWorthReading } from './fallback.ts';
import { arrived, type ObjectTask } from './object-task.ts';
import { PagesAhead } from './pages-ahead.ts';
import { afterPart } from './part.ts';
import { bulkBytes, pageIncomplete } from './row-source.ts';

const attempts = 3;

/** Fills the staging table of a window by the Bulk API: page, locator and counts are one transaction, so that a crash loses no page and doubles none. */
@Injectable()
export class StagePages {
  constructor(
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Reads the export job of a part to its end; makes it first when there is none. @returns the job with the part staged */
  async bulk(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob, soql: string): Promise<ExtractJob> {
    let job = planned.jobCount === null ? await this.#complete(task, planned, soql) : planned;
    const pages = new PagesAhead(task.org.bulk(job.bulk?.apiVersion), job.bulk?.jobId ?? '', this.config.bulkPageRows);
    task.tracker.at('extracting', 'Reading rows');
    const { index } = planned.parts;
    try {
      while (!job.allRead && job.parts.index === index) job = await this.#nextPage(task, plan, job, pages);
      return job;
    } finally {
      pages.drop();
    }
  }

  /** Waits for the end of the export; one that hangs is asked for once more. */
  async #complete(task: ObjectTask, planned: ExtractJob, soql: string): Promise<ExtractJob> {
    let job = planned;
    for (let attempt = 1; ; attempt += 1) {
      job = job.bulk === undefined ? await this.#create(task, job, soql) : job;
      const bulk = task.org.bulk(job.bulk?.apiVersion);
      const jobId = job.bulk?.jobId ?? '';
      try {
        task.tracker.at('extracting', 'Salesforce prepares the export');
        const { numberRecordsProcessed } = await bulk.untilComplete(jobId, task.signal, this.config.bulkWaitSeconds * 1_000);
        const counted: ExtractJob = { ...job, jobCount: numberRecordsProcessed ?? null };
        const complete = numberRecordsProcessed === 0 ? afterPart(counted) : counted;
        await this.#keep(task, complete);
        return complete;
      } catch (error) {
        if (!isStuck(error)) throw error;
        await bulk.abort(jobId);
        job = { ...job, bulk: undefined };
        await this.#keep(task, job);
        if (attempt > 1) throw error;
      }
    }
  }

  async #create(task: ObjectTask, job: ExtractJob, soql: string): Promise<ExtractJob> {
    task.tracker.at('extracting', 'Asking Salesforce for an export');
    const bulk = task.org.bulk();
    const { id } = await bulk.create(soql);
    const created = { ...job, bulk: { jobId: id, apiVersion: bulk.apiVersion } };
    await this.#keep(task, created);
    return created;
  }

  async #keep(task: ObjectTask, job: ExtractJob): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      if (job.bulk === undefined) await noteFinishedJob(client, job.connectionId, job.object);
      await saveExtractJob(client, job);
    });
  }

  /** A page counts only with as many rows as Salesforce says it has; another one is read again from its locator. */
  async #nextPage(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, pages: PagesAhead): Promise<ExtractJob> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#page(task, plan, job, await pages.next(job.locator));
      } catch (error) {
        task.tracker.startRows(job.parsed);
        const stage = stageName(job.connectionId, job.object);
        // Which of two rows is the newer one is decided when all are there; the page itself is in order.
        if (isRowTwice(error, stage)) {
          await allowDoubles(this.pool, stage);
          continue;
        }
        if (attempt >= attempts || !isWorthReading(error)) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
      }
    }
  }

  async #page(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, page: BulkPage): Promise<ExtractJob> {
    const substitutions = Substitutions.from(job.substitutions.toJSON());
    try {
      return await this.pool.transaction(async (client) => {
        // A power cut may cost this page with its locator, so that it is read again; the window itself is committed durably.
        await client.query('set local synchronous_commit = off');
        const { rows, deleted } = await copyCsvPage(client, bulkBytes(page), { stage: stageName(job.connectionId, job.object), columns: plan.columns, page: job.pages, substitutions, onRows: arrived(task) });
        // An answer without rows that does not say how many it has is no page while the job still has some.
        const promised = page.records ?? (rows === 0 ? Math.max(0, (job.jobCount ?? 0) - job.parsed) : rows);
        if (promised !== rows) throw pageIncomplete(promised, rows);
        const staged: ExtractJob = { ...job, locator: page.nextLocator ?? null, pages: job.pages + 1, parsed: job.parsed + rows, deleted: job.deleted + deleted, substitutions };
        const read = page.nextLocator === undefined ? afterPart(staged) : staged;
        // Only here, not before the page: a renewal of the lease must not wait for a download.
        await requireLease(client, task.run);
        if (read.bulk === undefined) await noteFinishedJob(client, job.connectionId, job.object);
        await saveExtractJob(client, read);
        return read;
      });
    } finally {
      page.body.destroy();
    }
  }
}
