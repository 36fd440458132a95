import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { BulkPage } from '@tributary/salesforce-client';
import type { PoolClient } from 'pg';
import { Lane } from '../budget/lane.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { allowDoubles, isRowTwice } from '../load/load-table.ts';
import { PageBuffers } from '../load/page-buffers.ts';
import { copyCsvPage, stageName } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { holdExtractJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { isWorthReading } from './fallback.ts';
import { arrived, type ObjectTask } from './object-task.ts';
import { bulkBytes, pageIncomplete } from './row-source.ts';

const attempts = 3;
/** Pages that are written at once, over all orgs: each holds a connection to the database for as long as it comes. */
const pagesAtOnce = 12;

/** A page of an export and what it means for its job that it is there. */
export interface PageToStage {
  /** Its number among all pages of the window. */
  readonly number: number;
  /** Asks for it, anew after each failure. */
  readonly ask: () => Promise<BulkPage>;
  /** The job with the page in it, within the transaction in which both are kept. */
  readonly counted: (client: PoolClient, job: ExtractJob, page: BulkPage) => Promise<ExtractJob>;
}

/** Brings one page of an export into the staging table: its rows, its place and its counts are one transaction, so that a crash loses no page and doubles none. */
@Injectable()
export class StagePage {
  readonly #places = new Lane(pagesAtOnce);
  readonly #buffers = new PageBuffers();

  constructor(private readonly pool: SqlPool) {}

  /** A page counts only with as many rows as Salesforce says it has; another one is asked for again. Pages of one job may be staged at the same time. @returns the job as it then is */
  async execute(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, page: PageToStage): Promise<ExtractJob> {
    const stage = stageName(job.connectionId, job.object);
    for (let attempt = 1; ; attempt += 1) {
      let rows = 0;
      const count = arrived(task);
      try {
        return await this.#stage(task, plan, job, page, (more) => {
          rows += more;
          count(more);
        });
      } catch (error) {
        task.tracker.addRows(-rows);
        // Which of two rows is the newer one is decided when all are there; the page itself is in order.
        if (isRowTwice(error, stage)) {
          await allowDoubles(this.pool, stage);
          continue;
        }
        if (attempt >= attempts || !isWorthReading(error)) throw error;
        await sleep(200 * attempt, undefined, { signal: task.signal });
      }
    }
  }

  async #stage(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, { number, ask, counted }: PageToStage, onRows: (rows: number) => void): Promise<ExtractJob> {
    const page = await ask();
    // Not before the page is there: a place must not wait for a download, which may itself wait for one that has no place.
    const leave = await this.#places.enter();
    try {
      return await this.pool.transaction(async (client) => {
        // A power cut may cost this page with its place, so that it is read again; the window itself is committed durably.
        await client.query('set local synchronous_commit = off');
        const substitutions = new Substitutions();
        const staged = { stage: stageName(job.connectionId, job.object), columns: plan.columns, page: number, substitutions, onRows };
        const { rows, deleted } = await this.#buffers.lend((buffer) => copyCsvPage(client, bulkBytes(page), { ...staged, buffer }));
        // Only here, not before the page: neither a renewal of the lease nor another page must wait for a download.
        const now = await holdExtractJob(client, task.run, job);
        // An answer without rows that does not say how many it has is no page while the job still has some.
        const promised = page.records ?? (rows === 0 ? Math.max(0, (now.jobCount ?? 0) - now.parsed) : rows);
        if (promised !== rows) throw pageIncomplete(promised, rows);
        const read = await counted(client, { ...now, pages: now.pages + 1, parsed: now.parsed + rows, deleted: now.deleted + deleted, substitutions: now.substitutions.with(substitutions) }, page);
        await saveExtractJob(client, read);
        return read;
      });
    } finally {
      page.body.destroy();
      leave();
    }
  }
}
