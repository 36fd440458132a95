import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';
import type { ExtractJob } from './extract-job.ts';
import { keepListedPages, readListedPages, type ListedPage } from './listed-pages.store.ts';
import type { ObjectTask } from './object-task.ts';

/** Since this API version an org lists the pages of an export. */
const firstVersion = 58;

@Injectable()
export class ListPages {
  constructor(
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * The pages of a complete export as Salesforce lists them, with those an earlier process read. The list is kept, so that a later process reads on page by page.
   * @returns none when they must be read one after the other: the org does not list them, there is but one, or the reading has begun so
   * @throws what concerns the whole run
   */
  async execute(task: ObjectTask, job: ExtractJob): Promise<ListedPage[]> {
    const known = await readListedPages(this.pool, job);
    if (known.length > 0 || !this.#isWorthAsking(job)) return known;
    const locators = await this.#ask(task, job);
    if (locators.length < 2 || new Set(locators).size < locators.length || locators.indexOf(undefined) > 0) return [];
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await keepListedPages(client, job, locators);
    });
    return locators.map((locator, number) => ({ number, locator, isRead: false }));
  }

  #isWorthAsking({ bulk, jobCount, locator }: ExtractJob): boolean {
    return this.config.bulkPagesAtOnce > 1 && locator === null && (jobCount ?? 0) > this.config.bulkPageRows && Number(bulk?.apiVersion) >= firstVersion;
  }

  async #ask(task: ObjectTask, { bulk }: ExtractJob): Promise<(string | undefined)[]> {
    try {
      return bulk === undefined ? [] : await task.org.bulk(bulk.apiVersion).resultPages(bulk.jobId);
    } catch (error) {
      // The pages themselves may be had all the same, and when not, they tell why.
      if (task.signal.aborted || scopeOf(error) !== 'object') throw error;
      return [];
    }
  }
}
