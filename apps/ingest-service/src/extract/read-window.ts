import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { countSoql, SalesforceCallFailure, selectSoql, type SoqlWindow } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { createStage, stagedRows, stageName } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import type { SyncObject } from '../warehouse/sync-object.ts';
import { chooseApi } from './api-choice.ts';
import { findExtractJob, noteFinishedJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { fallbackReason, isCursorLost, isWorthReading, otherApi } from './fallback.ts';
import type { ObjectTask } from './object-task.ts';
import { StagePages } from './stage-pages.ts';
import { planWindow, type Window } from './window-plan.ts';

const attempts = 3;

@Injectable()
export class ReadWindow {
  constructor(
    private readonly pool: SqlPool,
    private readonly pages: StagePages,
  ) {}

  /**
   * Brings the next window of an object into its staging table, going on where an earlier process stopped.
   * @throws SalesforceCallFailure `schema-drift` when a field vanished; Failure when the window cannot be read whole
   */
  async execute(task: ObjectTask, plan: ColumnPlan, known: SyncObject): Promise<ExtractJob> {
    const job = (await this.#unfinished(task, plan)) ?? (await this.#plan(task, plan, known));
    task.tracker.planned(job.api, job.sourceCount);
    task.tracker.startRows(job.parsed);
    if (job.allRead) return job;
    const soql = soqlOf(plan, job.window);
    try {
      return await this.#read(task, plan, job, soql);
    } catch (error) {
      const api = otherApi(error, job.api, soql);
      if (api === undefined || job.fallback !== null) throw error;
      const restarted = await this.#restart(task, plan, { ...job, api, fallback: fallbackReason(job.api, error) });
      task.tracker.planned(api, job.sourceCount);
      return this.#read(task, plan, restarted, soql);
    }
  }

  async #read(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob, soql: string): Promise<ExtractJob> {
    let job = planned;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return job.api === 'bulk' ? await this.pages.bulk(task, plan, job, soql) : await this.pages.rest(task, plan, job, soql);
      } catch (error) {
        if (attempt >= attempts || !(isCursorLost(error) || (job.api === 'rest' && isWorthReading(error)))) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
        job = await this.#restart(task, plan, job);
      }
    }
  }

  /** Same window from its beginning, with an empty stage. */
  async #restart(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<ExtractJob> {
    const restarted: ExtractJob = { ...job, bulk: undefined, jobCount: null, locator: null, pages: 0, parsed: 0, substitutions: new Substitutions(), allRead: false };
    await this.#save(task, plan, restarted);
    task.tracker.startRows(0);
    return restarted;
  }

  async #save(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await noteFinishedJob(client, job.connectionId, job.object);
      await createStage(client, stageName(job.connectionId, job.object), plan.columns);
      await saveExtractJob(client, job);
    });
  }

  /** What an earlier process left, when it still fits the object; a stage that lost rows is filled again from the first page. */
  async #unfinished(task: ObjectTask, plan: ColumnPlan): Promise<ExtractJob | undefined> {
    const job = await findExtractJob(this.pool, task.run.connectionId, plan.object);
    if (job === undefined || job.fields.join() !== fieldsOf(plan).join()) return undefined;
    const stage = stageName(job.connectionId, job.object);
    if ((await stagedRows(this.pool, stage)) === job.parsed) return job;
    const refilled = { ...job, locator: null, pages: 0, parsed: 0, substitutions: new Substitutions(), allRead: false };
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await createStage(client, stage, plan.columns);
      await saveExtractJob(client, refilled);
    });
    return refilled;
  }

  async #plan(task: ObjectTask, plan: ColumnPlan, known: SyncObject): Promise<ExtractJob> {
    task.tracker.at('counting', 'Counting rows at Salesforce');
    const serverTime = task.org.serverNow();
    const window = planWindow(known, plan.cursor?.field, serverTime, known.reread);
    const count = await countWindow(task, plan, window);
    const job: ExtractJob = {
      connectionId: task.run.connectionId, object: plan.object, fields: fieldsOf(plan), window, serverTime, sourceCount: count ?? null, api: chooseApi(count, soqlOf(plan, window)), fallback: null,
      bulk: undefined, jobCount: null, locator: null, pages: 0, parsed: 0, substitutions: new Substitutions(), allRead: count === 0,
    };
    await this.#save(task, plan, job);
    return job;
  }
}

/** Rows a window has at the source; undefined when the object cannot be counted. */
export async function countWindow(task: ObjectTask, plan: ColumnPlan, window: Window): Promise<number | undefined> {
  try {
    return (await task.org.data.count(countSoql(plan.object, soqlWindow(plan, window)))).count;
  } catch (error) {
    if (error instanceof SalesforceCallFailure && uncountable.has(error.reaction)) return undefined;
    throw error;
  }
}

/** Some objects answer no aggregate, others only after minutes. */
const uncountable: ReadonlySet<string> = new Set(['our-fault', 'use-other-api', 'split-window']);

function fieldsOf(plan: ColumnPlan): string[] {
  return plan.columns.map(({ field }) => field);
}

function soqlWindow({ cursor }: ColumnPlan, { from, until }: Window): SoqlWindow | undefined {
  return cursor === undefined ? undefined : { field: cursor.field, from: from ?? undefined, until: until ?? undefined };
}

function soqlOf(plan: ColumnPlan, window: Window): string {
  return selectSoql(plan.object, fieldsOf(plan), soqlWindow(plan, window));
}
