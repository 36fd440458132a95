import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { eachInParallel } from '@tributary/service-kit';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { AskAhead } from './ask-ahead.ts';
import { CompleteExport } from './complete-export.ts';
import { holdExtractJob, saveExtractJob, type ExtractJob } from './extract-job.ts';
import { ListPages } from './list-pages.ts';
import { markPageRead, type ListedPage } from './listed-pages.store.ts';
import type { ObjectTask } from './object-task.ts';
import { PagesAhead } from './pages-ahead.ts';
import { afterPart, currentPart, nextPart } from './part.ts';
import { pagesMissing } from './row-source.ts';
import { StagePage } from './stage-page.ts';
import { soqlOf } from './window-soql.ts';

/** Fills the staging table of a window by the Bulk API. */
@Injectable()
export class StagePages {
  constructor(
    private readonly pool: SqlPool,
    private readonly completeExport: CompleteExport,
    private readonly askAhead: AskAhead,
    private readonly listPages: ListPages,
    private readonly stagePage: StagePage,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * Reads the export of a part to its end, several pages at once where Salesforce lists them; has it made first when there is none.
   * @param byList whether its list of pages is believed
   * @returns the job with the part staged
   * @throws Unavailable `PAGES_MISSING` when all listed pages have other rows than the export
   */
  async bulk(task: ObjectTask, plan: ColumnPlan, planned: ExtractJob, byList = true): Promise<ExtractJob> {
    const complete = planned.jobCount === null ? await this.completeExport.execute(task, planned, soqlOf(plan, currentPart(planned))) : planned;
    if (isPast(complete, planned)) return complete;
    const next = nextPart(complete);
    const job = await this.askAhead.execute(task, complete, next && soqlOf(plan, next));
    task.tracker.at('extracting', 'Reading rows');
    const listed = byList ? await this.listPages.execute(task, job) : [];
    return listed.length === 0 ? this.#inTurn(task, plan, job) : this.#together(task, plan, job, listed);
  }

  /** One page after the other, each telling where the next one begins. */
  async #inTurn(task: ObjectTask, plan: ColumnPlan, begun: ExtractJob): Promise<ExtractJob> {
    const pages = new PagesAhead(task.org.bulk(begun.bulk?.apiVersion), begun.bulk?.jobId ?? '', this.config.bulkPageRows);
    let job = begun;
    try {
      while (!isPast(job, begun)) {
        const { locator, pages: number } = job;
        job = await this.stagePage.execute(task, plan, job, {
          number, ask: () => pages.next(locator), counted: async (_client, staged, { nextLocator }) => (nextLocator === undefined ? afterPart(staged) : { ...staged, locator: nextLocator }),
        });
      }
      return job;
    } finally {
      pages.drop();
    }
  }

  /** What a listed page says about a next one is not followed: that one is in the list itself. */
  async #together(task: ObjectTask, plan: ColumnPlan, job: ExtractJob, listed: readonly ListedPage[]): Promise<ExtractJob> {
    const bulk = task.org.bulk(job.bulk?.apiVersion);
    const unread = listed.filter(({ isRead }) => !isRead);
    const ofPartsBefore = job.pages - (listed.length - unread.length);
    await eachInParallel(unread, this.config.bulkPagesAtOnce, async ({ number, locator }) => {
      await this.stagePage.execute(task, plan, job, {
        number: ofPartsBefore + number, ask: () => bulk.results(job.bulk?.jobId ?? '', locator),
        counted: async (client, staged) => {
          await markPageRead(client, staged, number);
          return staged;
        },
      });
    });
    return this.#endPart(task, job);
  }

  async #endPart(task: ObjectTask, job: ExtractJob): Promise<ExtractJob> {
    return this.pool.transaction(async (client) => {
      const read = await holdExtractJob(client, task.run, job);
      const { parsed, jobCount, parts: { exported } } = read;
      if (jobCount !== null && exported !== null && parsed !== exported + jobCount) throw pagesMissing(exported + jobCount, parsed);
      const next = afterPart(read);
      await saveExtractJob(client, next);
      return next;
    });
  }
}

/** Whether the part a job was at is staged. */
function isPast(job: ExtractJob, { parts }: ExtractJob): boolean {
  return job.allRead || job.parts.index !== parts.index;
}
