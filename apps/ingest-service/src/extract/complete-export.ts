import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { mayHaveHappened } from '@tributary/salesforce-client';
import { ExportSlots } from '../budget/export-slots.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { AskExport } from './ask-export.ts';
import { saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isExportOver, isStuck } from './fallback.ts';
import { exportOwner, type ObjectTask } from './object-task.ts';
import { afterPart } from './part.ts';

@Injectable()
export class CompleteExport {
  constructor(
    private readonly pool: SqlPool,
    private readonly askExport: AskExport,
    private readonly slots: ExportSlots,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** Has Salesforce export a part, and waits for the end of the export; one that hangs is asked for once more. @returns the job, past the part when it has no rows */
  async execute(task: ObjectTask, planned: ExtractJob, soql: string): Promise<ExtractJob> {
    const owner = exportOwner(task, planned);
    const ahead = planned.parts.ahead === null ? 0 : 1;
    let job = planned;
    if (job.bulk !== undefined) await this.slots.goOn(owner, 1 + ahead);
    for (let attempt = 1; ; attempt += 1) {
      job = job.bulk === undefined ? await this.#create(task, job, soql, ahead) : job;
      const bulk = task.org.bulk(job.bulk?.apiVersion);
      const jobId = job.bulk?.jobId ?? '';
      try {
        task.tracker.at('extracting', 'Salesforce prepares the export');
        const { numberRecordsProcessed } = await bulk.untilComplete(jobId, task.signal, this.config.bulkWaitSeconds * 1_000);
        await this.slots.keep(owner, ahead);
        const counted: ExtractJob = { ...job, jobCount: numberRecordsProcessed ?? null };
        const complete = numberRecordsProcessed === 0 ? afterPart(counted) : counted;
        await this.#keep(task, complete);
        return complete;
      } catch (error) {
        if (isExportOver(error)) await this.slots.keep(owner, ahead);
        if (!isStuck(error)) throw error;
        await bulk.abort(jobId);
        await this.slots.keep(owner, ahead);
        job = { ...job, bulk: undefined };
        await this.#keep(task, job);
        if (attempt > 1) throw error;
      }
    }
  }

  /** @param ahead exports of the job that are being made besides */
  async #create(task: ObjectTask, job: ExtractJob, soql: string, ahead: number): Promise<ExtractJob> {
    const owner = exportOwner(task, job);
    await this.slots.hold(owner, 1 + ahead, task.signal, () => task.tracker.at('extracting', 'Waiting for other exports of the org to end'));
    task.tracker.at('extracting', 'Asking Salesforce for an export');
    const bulk = await this.askExport.execute(task, job, soql).catch(async (error: unknown) => {
      if (!mayHaveHappened(error)) await this.slots.keep(owner, ahead);
      throw error;
    });
    const created = { ...job, bulk };
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
