import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { mayHaveHappened } from '@tributary/salesforce-client';
import { ExportSlots } from '../budget/export-slots.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { AskExport } from './ask-export.ts';
import { holdExtractJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { exportOwner, type ObjectTask } from './object-task.ts';
import type { Export } from './part.ts';

@Injectable()
export class AskAhead {
  constructor(
    private readonly pool: SqlPool,
    private readonly askExport: AskExport,
    private readonly slots: ExportSlots,
  ) {}

  /** Has Salesforce make the export of the next part while the present one is read. One that is refused now, or for which the org has no room, is asked for when its turn comes, which then says why. @param soql of the next part; undefined after the last */
  async execute(task: ObjectTask, job: ExtractJob, soql: string | undefined): Promise<ExtractJob> {
    if (soql === undefined || job.parts.ahead !== null) return job;
    const owner = exportOwner(task, job);
    if (!(await this.slots.tryHold(owner, 1, true))) return job;
    let ahead: Export;
    try {
      ahead = await this.askExport.execute(task, job, soql);
    } catch (error) {
      if (!mayHaveHappened(error)) await this.slots.keep(owner, 0);
      if (task.signal.aborted || scopeOf(error) !== 'object' || mayHaveHappened(error)) throw error;
      return job;
    }
    return this.pool.transaction(async (client) => {
      const now = await holdExtractJob(client, task.run, job);
      const kept = { ...now, parts: { ...now.parts, ahead } };
      await saveExtractJob(client, kept);
      return kept;
    });
  }
}
