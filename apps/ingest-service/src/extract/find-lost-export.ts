import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CsvParser, type BulkClient, type ListedJob } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { knownJobs, readAsked, type ExtractJob } from './extract-job.ts';
import type { ObjectTask } from './object-task.ts';
import { bulkBytes } from './row-source.ts';

/** Longer than a call may last, shorter than anything that would make other tools' jobs likely. */
const withinMs = 5 * 60_000;
/** Of a thousand jobs each; an org with more of them gets a second export rather than a long search. */
const maxPages = 5;
/** More that look like ours mean that another tool makes the same ones. */
const maxCandidates = 3;

/** Looks for an export that was asked for without getting an answer. */
@Injectable()
export class FindLostExport {
  constructor(
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * A job carries no mark of who asked for it, and other tools may work in the name of the same user: ours is only the one job that was made then, that nobody
   * here knows, and whose result has exactly the columns asked for, in their order. Any doubt leaves it alone.
   * @returns its id; undefined when none was asked for, or it cannot be told for certain
   */
  async execute(task: ObjectTask, job: ExtractJob, bulk: BulkClient): Promise<string | undefined> {
    const asked = await readAsked(this.pool, job);
    if (asked === undefined) return undefined;
    try {
      const jobs = ((await bulk.list(maxPages)) ?? []).filter((listed) => mayBeOurs(listed, { ...asked, object: task.tracker.object, apiVersion: bulk.apiVersion }));
      const known = await knownJobs(this.pool, jobs.map(({ id }) => id));
      const candidates = jobs.filter(({ id }) => !known.has(id));
      if (candidates.length > maxCandidates) return undefined;
      const ours: string[] = [];
      for (const { id } of candidates) if (await this.#hasOurColumns(task, bulk, id, job.fields)) ours.push(id);
      return ours.length === 1 ? ours[0] : undefined;
    } catch (error) {
      // The search is worth nothing by itself: asking anew tells what is wrong with the object.
      if (task.signal.aborted || scopeOf(error) !== 'object') throw error;
      return undefined;
    }
  }

  async #hasOurColumns(task: ObjectTask, bulk: BulkClient, jobId: string, fields: readonly string[]): Promise<boolean> {
    await bulk.untilComplete(jobId, task.signal, this.config.bulkWaitSeconds * 1_000);
    const parser = new CsvParser();
    for await (const bytes of bulkBytes(await bulk.results(jobId, undefined, 1))) {
      const [header] = parser.push(bytes);
      if (header !== undefined) return header.length === fields.length && header.every((name, index) => name.toLowerCase() === fields[index]?.toLowerCase());
    }
    return false;
  }
}

function mayBeOurs(listed: ListedJob, asked: { readonly at: Date; readonly userId: string; readonly object: string; readonly apiVersion: string }): boolean {
  const age = listed.createdDate.getTime() - asked.at.getTime();
  return listed.createdById === asked.userId && listed.operation === 'queryAll' && listed.object?.toLowerCase() === asked.object.toLowerCase() && listed.contentType === 'CSV' &&
    listed.apiVersion === Number(asked.apiVersion) && listed.state !== 'Failed' && listed.state !== 'Aborted' && age >= 0 && age <= withinMs;
}
