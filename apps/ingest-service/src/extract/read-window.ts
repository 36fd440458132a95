import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { ExportSlots } from '../budget/export-slots.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { createStage, deleteStaged, stagedRows, stageName, type StageTarget } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { saveBackfill, type Backfill } from './backfill.store.ts';
import { findExtractJob, lockExtractJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { fallbackReason, isCursorLost, isListBroken, isTooMuch, isUnordered, otherApi } from './fallback.ts';
import { forgetListedPages } from './listed-pages.store.ts';
import { exportOwner, type ObjectTask } from './object-task.ts';
import { currentPart, fromBeginning, fromPresentPart } from './part.ts';
import { PlanWindow, type Known } from './plan-window.ts';
import { SplitPart } from './split-part.ts';
import { StagePages } from './stage-pages.ts';
import { StageRecords } from './stage-records.ts';
import { fieldsOf } from './window-soql.ts';

const attempts = 3;

@Injectable()
export class ReadWindow {
  constructor(
    private readonly pool: SqlPool,
    private readonly pages: StagePages,
    private readonly records: StageRecords,
    private readonly splitPart: SplitPart,
    private readonly planWindow: PlanWindow,
    private readonly slots: ExportSlots,
  ) {}

  /**
   * Brings the next window of an object into its staging table, going on where an earlier process stopped.
   * @param key under which the window is kept; the object's name unless it is another reading of the same object
   * @throws SalesforceCallFailure `schema-drift` when a field vanished; Failure when the window cannot be read whole
   */
  async execute(task: ObjectTask, plan: ColumnPlan, known: Known, key = plan.object): Promise<ExtractJob> {
    const job = (await this.#unfinished(task, plan, key)) ?? (await this.#plan(task, plan, known, key));
    task.tracker.planned(job.api, job.sourceCount);
    task.tracker.startRows(job.parsed);
    if (job.allRead) return job;
    try {
      return await this.#read(task, plan, job);
    } catch (error) {
      const api = otherApi(error, job.api);
      if (api === undefined || job.fallback !== null) throw error;
      const restarted = await this.#restart(task, plan, { ...job, api, fallback: fallbackReason(job.api, error) });
      task.tracker.planned(api, job.sourceCount);
      return await this.#read(task, plan, restarted);
    } finally {
      this.slots.leave(exportOwner(task, job));
    }
  }

  /** All parts, one after the other; one that is too much for Salesforce becomes two. */
  async #read(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob): Promise<ExtractJob> {
    let job = planned;
    let inOrder = true;
    let byList = true;
    for (let attempt = 1; !job.allRead; ) {
      try {
        job = job.api === 'bulk' ? await this.pages.bulk(task, plan, job, byList) : await this.records.execute(task, plan, job, inOrder);
      } catch (error) {
        if ((inOrder && isUnordered(error)) || (byList && isListBroken(error))) {
          [inOrder, byList] = [inOrder && !isUnordered(error), byList && !isListBroken(error)];
          job = await (isUnordered(error) ? this.#restart(task, plan, job) : this.#restartPart(task, plan, job));
          continue;
        }
        const halves = isTooMuch(error) ? await this.splitPart.execute(task, plan, (await findExtractJob(this.pool, job.connectionId, job.object)) ?? job, error) : undefined;
        if (halves !== undefined) {
          job = halves;
          continue;
        }
        if (attempt >= attempts || !isCursorLost(error)) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
        job = await this.#restartPart(task, plan, job);
        attempt += 1;
      }
    }
    return job;
  }

  /** The present part from its beginning where its rows can be taken out of the stage again, else the whole window. */
  async #restartPart(task: ObjectTask, plan: ColumnPlan, begun: ExtractJob): Promise<ExtractJob> {
    const again = await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      const job = await lockExtractJob(client, begun);
      const part = job && fromPresentPart(job);
      if (job === undefined || part === undefined || job.parsed - part.parsed !== (await deleteStaged(client, stageName(job.connectionId, job.object), currentPart(job)))) return undefined;
      await saveExtractJob(client, part);
      return part;
    });
    if (again === undefined) return this.#restart(task, plan, begun);
    task.tracker.startRows(again.parsed);
    return again;
  }

  /** Same window from its beginning, with an empty stage. */
  async #restart(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<ExtractJob> {
    const restarted = fromBeginning(job);
    await this.#save(task, plan, restarted);
    task.tracker.startRows(0);
    return restarted;
  }

  async #save(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, backfill?: Backfill): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await createStage(client, stageName(job.connectionId, job.object), stageTarget(task, plan, job));
      await saveExtractJob(client, job);
      if (backfill !== undefined) await saveBackfill(client, job.connectionId, plan.object, backfill);
    });
  }

  /** What an earlier process left, when it still fits the object; a stage that lost rows is filled again from the first page. */
  async #unfinished(task: ObjectTask, plan: ColumnPlan, key: string): Promise<ExtractJob | undefined> {
    const job = await findExtractJob(this.pool, task.run.connectionId, key);
    if (job === undefined || job.fields.join() !== fieldsOf(plan).join()) return undefined;
    const stage = stageName(job.connectionId, job.object);
    if ((await stagedRows(this.pool, stage)) === job.parsed) return job;
    const oneJob = job.parts.list.length === 1;
    const refilled = { ...fromBeginning(job), ...(oneJob ? { bulk: job.bulk, jobCount: job.jobCount } : {}) };
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await createStage(client, stage, stageTarget(task, plan, refilled));
      if (oneJob) await forgetListedPages(client, job);
      await saveExtractJob(client, refilled);
    });
    return refilled;
  }

  async #plan(task: ObjectTask, plan: ColumnPlan, known: Known, key: string): Promise<ExtractJob> {
    const { backfill, sourceCount, ...planned } = await this.planWindow.execute(task, plan, known, key);
    const job: ExtractJob = {
      ...planned, connectionId: task.run.connectionId, object: key, fields: fieldsOf(plan), sourceCount: sourceCount ?? null, fallback: null,
      bulk: undefined, jobCount: null, locator: null, pages: 0, parsed: 0, deleted: 0, substitutions: new Substitutions(), allRead: sourceCount === 0,
    };
    await this.#save(task, plan, job, backfill);
    return job;
  }
}

function stageTarget({ schema }: ObjectTask, plan: ColumnPlan, { api, window, reach }: ExtractJob): StageTarget {
  return { schema, plan, isLoad: api === 'bulk' && (window.from === null || reach === 'newest'), joins: reach === 'backfill' };
}
