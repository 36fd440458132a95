import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { mayHaveHappened } from '@tributary/salesforce-client';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { AskExport } from './ask-export.ts';
import { holdExtractJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import type { ObjectTask } from './object-task.ts';
import type { Export } from './part.ts';

@Injectable()
export class AskAhead {
  constructor(
    private readonly pool: SqlPool,
    private readonly askExport: AskExport,
  ) {}

  /** Has Salesforce make the export of the next part while the present one is read. One that is refused now is asked for when its turn comes, which then says why. @param soql of the next part; undefined after the last */
  async execute(task: ObjectTask, job: ExtractJob, soql: string | undefined): Promise<ExtractJob> {
    if (soql === undefined || job.parts.ahead !== null) return job;
    let ahead: Export;
    try {
      ahead = await this.askExport.execute(task, job, soql);
    } catch (error) {
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
