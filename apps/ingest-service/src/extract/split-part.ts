import { Injectable } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { saveExtractJob, type ExtractJob } from './extract-job.ts';
import { placeOf } from './keyset.ts';
import type { ObjectTask } from './object-task.ts';
import { edgeOf } from './part-edge.ts';
import { currentPart, halvesById, halvesByTime, withHalves, type Part } from './part.ts';

/** More pieces mean that size is not what hinders Salesforce. */
const maxParts = 256;

@Injectable()
export class SplitPart {
  constructor(private readonly pool: SqlPool) {}

  /** Halves the part Salesforce could not do: by time down to a second, then by Id. @returns undefined when there is nothing left to halve */
  async execute(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, error: unknown): Promise<ExtractJob | undefined> {
    if (job.parts.list.length >= maxParts) return undefined;
    const halves = await this.#halves(task, plan, remaining(job));
    if (halves === undefined) return undefined;
    const split = withHalves(job, halves, toFailure(error).message);
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await saveExtractJob(client, split);
    });
    task.tracker.at('extracting', `Reading in ${split.parts.list.length} parts`);
    return split;
  }

  async #halves(task: ObjectTask, plan: ColumnPlan, part: Part): Promise<readonly [Part, Part] | undefined> {
    if (plan.cursor !== undefined) {
      const [oldest, newest] = [await edgeOf(task, plan, part, plan.cursor.field), await edgeOf(task, plan, part, plan.cursor.field, 'DESC')];
      const byTime = halvesByTime(part, { oldest: oldest === undefined ? undefined : new Date(oldest), newest: newest === undefined ? undefined : new Date(newest) });
      if (byTime !== undefined) return byTime;
    }
    const first = await edgeOf(task, plan, part, 'Id');
    const last = await edgeOf(task, plan, part, 'Id', 'DESC');
    return first === undefined || last === undefined ? undefined : halvesById(part, first, last);
  }
}

/** What is left of the part that is being read: by REST its first pages may be staged. */
function remaining(job: ExtractJob): Part {
  const part = currentPart(job);
  const place = job.api === 'rest' ? placeOf(job.locator) : undefined;
  return place?.at === undefined ? part : { ...part, from: place.at };
}
