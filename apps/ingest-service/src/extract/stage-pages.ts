import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { BulkClient } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { copyPage, stageName } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isWorthReading } from './fallback.ts';
import type { ObjectTask } from './object-task.ts';
import { bulkRows, pageIncomplete, restRows } from './row-source.ts';

const attempts = 3;

/** Fills the staging table of a window: page, locator and counts are one transaction, so that a crash loses no page and doubles none. */
@Injectable()
export class StagePages {
  constructor(
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Reads an export job to its end; makes it first when there is none. @returns the job with everything staged */
  async bulk(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob, soql: string): Promise<ExtractJob> {
    let job = planned.bulk === undefined ? await this.#create(task, planned, soql) : planned;
    const bulk = task.org.bulk(job.bulk?.apiVersion);
    const jobId = job.bulk?.jobId ?? '';
    if (job.jobCount === null) {
      task.tracker.at('extracting', 'Salesforce prepares the export');
      const { numberRecordsProcessed } = await bulk.untilComplete(jobId, task.signal);
      job = { ...job, jobCount: numberRecordsProcessed ?? null, allRead: numberRecordsProcessed === 0 };
      await this.#keep(task, job);
    }
    task.tracker.at('extracting', 'Reading rows');
    while (!job.allRead) job = await this.#nextPage(task, plan, job, bulk, jobId);
    return job;
  }

  /** Reads a query by REST, all of it in one transaction. */
  async rest(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, soql: string): Promise<ExtractJob> {
    task.tracker.at('extracting', 'Reading rows');
    const ordered = plan.cursor === undefined ? soql : `${soql} ORDER BY ${plan.cursor.field}, Id`;
    const substitutions = new Substitutions();
    let total = 0;
    return this.pool.transaction(async (client) => {
      const rows = restRows(task.org.data, ordered, job.fields, substitutions, (promised) => (total = promised));
      const parsed = await copyPage(client, stageName(job.connectionId, job.object), plan.columns, 0, rows, substitutions, arrived(task));
      if (parsed !== total) throw pageIncomplete(total, parsed);
      const read: ExtractJob = { ...job, sourceCount: job.sourceCount ?? total, pages: 1, parsed, substitutions, allRead: true };
      await requireLease(client, task.run);
      await saveExtractJob(client, read);
      return read;
    });
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
      await saveExtractJob(client, job);
    });
  }

  /** A page counts only with as many rows as Salesforce says it has; another one is read again from its locator. */
  async #nextPage(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, bulk: BulkClient, jobId: string): Promise<ExtractJob> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#page(task, plan, job, bulk, jobId);
      } catch (error) {
        task.tracker.startRows(job.parsed);
        if (attempt >= attempts || !isWorthReading(error)) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
      }
    }
  }

  async #page(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, bulk: BulkClient, jobId: string): Promise<ExtractJob> {
    const page = await bulk.results(jobId, job.locator ?? undefined, this.config.bulkPageRows);
    const substitutions = Substitutions.from(job.substitutions.toJSON());
    try {
      return await this.pool.transaction(async (client) => {
        const rows = bulkRows(page, job.fields, substitutions);
        const parsed = await copyPage(client, stageName(job.connectionId, job.object), plan.columns, job.pages, rows, substitutions, arrived(task));
        if (page.records !== undefined && page.records !== parsed) throw pageIncomplete(page.records, parsed);
        const read: ExtractJob = {
          ...job, locator: page.nextLocator ?? null, pages: job.pages + 1, parsed: job.parsed + parsed, substitutions, allRead: page.nextLocator === undefined,
        };
        // Only here, not before the page: a renewal of the lease must not wait for a download.
        await requireLease(client, task.run);
        await saveExtractJob(client, read);
        return read;
      });
    } finally {
      page.body.destroy();
    }
  }
}

/** Counts rows as they arrive, and ends the reading when this worker must stop. */
function arrived({ tracker, signal }: ObjectTask): (rows: number) => void {
  return (rows) => {
    signal.throwIfAborted();
    tracker.addRows(rows);
  };
}
