import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { mayHaveHappened, type BulkClient } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { noteAsked, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isStuck } from './fallback.ts';
import { FindLostExport } from './find-lost-export.ts';
import type { ObjectTask } from './object-task.ts';
import { afterPart } from './part.ts';

const timesAsked = 4;

@Injectable()
export class CompleteExport {
  constructor(
    private readonly pool: SqlPool,
    private readonly findLostExport: FindLostExport,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Has Salesforce export a part, and waits for the end of the export; one that hangs is asked for once more. @returns the job, past the part when it has no rows */
  async execute(task: ObjectTask, planned: ExtractJob, soql: string): Promise<ExtractJob> {
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
    const created = { ...job, bulk: { jobId: await this.#ask(task, job, bulk, soql), apiVersion: bulk.apiVersion } };
    await this.#keep(task, created);
    return created;
  }

  /** Asks for an export, and for one whose answer was lost, by a crash or on its way, only when it cannot be found. @returns its id */
  async #ask(task: ObjectTask, job: ExtractJob, bulk: BulkClient, soql: string): Promise<string> {
    for (let asked = 1; ; asked += 1) {
      const found = await this.findLostExport.execute(task, job, bulk);
      if (found !== undefined) return found;
      await this.#noteAsked(task, job, task.org.serverNow());
      try {
        return (await bulk.create(soql)).id;
      } catch (error) {
        if (!mayHaveHappened(error)) await this.#noteAsked(task, job, null);
        if (!mayHaveHappened(error) || asked >= timesAsked) throw error;
        await sleep(500 * asked, undefined, { signal: task.signal });
      }
    }
  }

  async #noteAsked(task: ObjectTask, job: ExtractJob, at: Date | null): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await noteAsked(client, job, at);
    });
  }

  async #keep(task: ObjectTask, job: ExtractJob): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await saveExtractJob(client, job);
    });
  }
}
