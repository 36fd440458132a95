import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { copyPage, stageName, type RowBatches } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { fitsAddress } from './api-choice.ts';
import { saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isWorthReading } from './fallback.ts';
import { orderNotKept, placeOf, placeText } from './keyset.ts';
import { arrived, type ObjectTask } from './object-task.ts';
import { afterPart, currentPart } from './part.ts';
import { readRecordPage, type PageOfRows } from './record-page.ts';
import { asTexts, pageIncomplete, restRows } from './row-source.ts';
import { soqlOf } from './window-soql.ts';

const attempts = 3;

/** Fills the staging table of a window by REST: page, place and counts are one transaction, so that a crash loses no page and doubles none. */
@Injectable()
export class StageRecords {
  constructor(private readonly pool: SqlPool) {}

  /**
   * Reads a part to its end, from the place where an earlier reading stopped.
   * @param inOrder whether the source gives rows in the order they are asked for; if not, a part is read by one query and its locators
   * @returns the job with the part staged
   * @throws Unavailable `ORDER_NOT_KEPT`; what Salesforce refuses
   */
  async execute(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob, inOrder: boolean): Promise<ExtractJob> {
    task.tracker.at('extracting', 'Reading rows');
    let job = planned;
    while (!job.allRead && job.parts.index === planned.parts.index) job = await this.#nextPage(task, plan, job, inOrder);
    return job;
  }

  /** An answer counts only with as many rows as Salesforce says it has; another one is asked for again. */
  async #nextPage(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, inOrder: boolean): Promise<ExtractJob> {
    // Objects without a cursor field are often not ordinary ones: of those nothing more is asked than their rows.
    const isPlain = (plan.cursor === undefined || !inOrder) && fitsAddress(soqlOf(plan, currentPart(job)));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return isPlain ? await this.#whole(task, plan, job) : await this.#page(task, plan, job, await readRecordPage(task.org, plan, currentPart(job), placeOf(job.locator)));
      } catch (error) {
        task.tracker.startRows(job.parsed);
        if (attempt >= attempts || !isWorthReading(error)) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
      }
    }
  }

  async #page(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, { records, next, left }: PageOfRows): Promise<ExtractJob> {
    const substitutions = Substitutions.from(job.substitutions.toJSON());
    // The page before said that rows follow.
    if (records.length === 0 && job.locator !== null && job.sourceCount !== null && job.parsed < job.sourceCount) throw orderNotKept();
    const total = job.locator === null && job.parts.list.length === 1 ? (left ?? null) : null;
    return this.#stage(task, plan, { ...job, substitutions, sourceCount: job.sourceCount ?? total, locator: next === undefined ? null : placeText(next) }, [asTexts(records, job.fields, substitutions)], next === undefined);
  }

  /** All rows of a part by one query and its locators, in one transaction. */
  async #whole(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<ExtractJob> {
    const substitutions = Substitutions.from(job.substitutions.toJSON());
    let [total, pages] = [0, job.pages];
    const rows = restRows(task.org.data, soqlOf(plan, currentPart(job)), job.fields, substitutions, (promised) => {
      [total, pages] = [promised, pages + 1];
    });
    return this.#stage(task, plan, { ...job, substitutions }, rows, true, (parsed) => {
      if (parsed !== total) throw pageIncomplete(total, parsed);
      return { sourceCount: job.sourceCount ?? (job.parts.list.length === 1 ? total : null), pages };
    });
  }

  async #stage(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, rows: RowBatches, isLast: boolean, check: (parsed: number) => Partial<ExtractJob> = () => ({})): Promise<ExtractJob> {
    return this.pool.transaction(async (client) => {
      const parsed = await copyPage(client, rows, { stage: stageName(job.connectionId, job.object), columns: plan.columns, page: job.pages, substitutions: job.substitutions, onRows: arrived(task) });
      const staged = { ...job, pages: job.pages + 1, ...check(parsed), parsed: job.parsed + parsed };
      const read = isLast ? afterPart(staged) : staged;
      // Only here, not before the rows: a renewal of the lease must not wait for an answer.
      await requireLease(client, task.run);
      await saveExtractJob(client, read);
      return read;
    });
  }
}
