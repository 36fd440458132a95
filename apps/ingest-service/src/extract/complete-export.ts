import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { AskExport } from './ask-export.ts';
import { saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isStuck } from './fallback.ts';
import type { ObjectTask } from './object-task.ts';
import { afterPart } from './part.ts';

@Injectable()
export class CompleteExport {
  constructor(
    private readonly pool: SqlPool,
    private readonly askExport: AskExport,
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
    const created = { ...job, bulk: await this.askExport.execute(task, job, soql) };
    await this.#keep(task, created);
    return created;
  }

  async #keep(task: ObjectTask, job: ExtractJob): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await saveExtractJob(client, job);
    });
  }
}
