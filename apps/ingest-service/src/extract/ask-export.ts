import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { mayHaveHappened } from '@tributary/salesforce-client';
import { requireLease } from '../sync-run/run-lease.ts';
import { noteAsked, type ExtractJob } from './extract-job.ts';
import { FindLostExport } from './find-lost-export.ts';
import type { ObjectTask } from './object-task.ts';
import type { Export } from './part.ts';

const timesAsked = 4;

@Injectable()
export class AskExport {
  constructor(
    private readonly pool: SqlPool,
    private readonly findLostExport: FindLostExport,
  ) {}

  /** Asks for an export, and for one whose answer was lost, by a crash or on its way, only when it cannot be found. Until the job is kept with it, it stays noted as asked for. */
  async execute(task: ObjectTask, job: ExtractJob, soql: string): Promise<Export> {
    const bulk = task.org.bulk();
    for (let asked = 1; ; asked += 1) {
      const found = await this.findLostExport.execute(task, job, bulk);
      if (found !== undefined) return { jobId: found, apiVersion: bulk.apiVersion };
      await this.#note(task, job, task.org.serverNow());
      try {
        return { jobId: (await bulk.create(soql)).id, apiVersion: bulk.apiVersion };
      } catch (error) {
        if (!mayHaveHappened(error)) await this.#note(task, job, null);
        if (!mayHaveHappened(error) || asked >= timesAsked) throw error;
        await sleep(500 * asked, undefined, { signal: task.signal });
      }
    }
  }

  async #note(task: ObjectTask, job: ExtractJob, at: Date | null): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await noteAsked(client, job, at);
    });
  }
}
