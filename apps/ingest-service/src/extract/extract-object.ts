import { Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { SalesforceCallFailure } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { DescribeObject } from '../describe/describe-object.ts';
import { Descriptions } from '../describe/descriptions.store.ts';
import { dropStage, stageName } from '../load/stage.ts';
import { CommitWindow } from '../receipt/commit-window.ts';
import type { Completeness } from '../receipt/receipt.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { FindDeletions } from '../sweep/find-deletions.ts';
import { reasonOf } from '../sync-run/run-reason.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { idsKey } from '../sweep/sweep-plan.ts';
import { markSyncObject, readSyncObject } from '../warehouse/sync-object.ts';
import { findBackfill } from './backfill.store.ts';
import { closeExtractJob } from './extract-job.ts';
import { isDrift, keepsItsJob } from './fallback.ts';
import { newestText } from './newest-first.ts';
import type { ObjectTask } from './object-task.ts';
import { ReadWindow } from './read-window.ts';

@Injectable()
export class ExtractObject {
  readonly #log = new Logger('extract');

  constructor(
    private readonly pool: SqlPool,
    private readonly describeObject: DescribeObject,
    private readonly descriptions: Descriptions,
    private readonly readWindow: ReadWindow,
    private readonly commitWindow: CommitWindow,
    private readonly findDeletions: FindDeletions,
  ) {}

  /**
   * Copies what is new of one object. What goes wrong with the object alone ends in its tracker, never in an exception.
   * @throws what concerns the whole run: authorisation, limits, lease lost, database lost
   */
  async execute(task: ObjectTask): Promise<void> {
    task.tracker.countCalls(() => task.org.calls());
    try {
      this.#tell(task, await this.#copy(task));
    } catch (error) {
      // Whatever an interrupted download looks like: the object is not to blame.
      if (task.signal.aborted || scopeOf(error) !== 'object') throw error;
      await this.#giveUp(task, error);
    }
  }

  async #copy(task: ObjectTask): Promise<Completeness> {
    for (let described = 1; ; described += 1) {
      try {
        task.tracker.at('counting', 'Reading its description');
        const plan = await this.describeObject.execute(task);
        await markSyncObject(this.pool, task.schema, plan.object, 'loading', null);
        const window = await this.#window(task, plan);
        return window.complete ? await this.findDeletions.execute(task, plan, window) : window;
      } catch (error) {
        if (!isDrift(error) || described > 1) throw error;
        await this.descriptions.doubt(task.run.connectionId, task.tracker.object);
        await this.#discard(task);
      }
    }
  }

  /** The next window, and when it has only the newest rows, the one with the others. */
  async #window(task: ObjectTask, plan: ColumnPlan): Promise<Completeness> {
    for (;;) {
      const known = await readSyncObject(this.pool, task.schema, plan.object);
      if (known.settledUntil !== null && known.loadedAt === null) await this.#tellNewest(task, plan);
      const job = await this.readWindow.execute(task, plan, known);
      const window = await this.commitWindow.execute(task, plan, job);
      if (!window.complete || job.reach !== 'newest') return window;
      task.tracker.keepRows();
    }
  }

  /** What is there stays told while the rest is read. */
  async #tellNewest({ run, schema }: ObjectTask, plan: ColumnPlan): Promise<void> {
    const backfill = await findBackfill(this.pool, run.connectionId, plan.object);
    if (backfill !== undefined) await markSyncObject(this.pool, schema, plan.object, 'loading', newestText({ from: backfill.before }));
  }

  #tell({ tracker }: ObjectTask, { complete, reason, code }: Completeness): void {
    tracker.problem = complete ? undefined : { code: code ?? 'RECEIPT_DISAGREES', text: reason ?? 'The counts do not agree. The next run reads the same window again.' };
    tracker.at(complete ? 'complete' : 'partial', complete ? (reason ?? 'Complete') : (tracker.problem?.text ?? ''));
  }

  async #giveUp(task: ObjectTask, error: unknown): Promise<void> {
    this.#log.warn(`${task.tracker.object} of run ${task.run.id} is not complete`, toFailure(error));
    const { code, text } = reasonOf(task.tracker.object, error);
    const status = isRefused(error) ? 'failed' : 'partial';
    if (!keepsItsJob(error)) await this.#discard(task);
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await markSyncObject(client, task.schema, task.tracker.object, status, text);
    });
    task.tracker.problem = { code, text };
    task.tracker.at(status, text);
  }

  async #discard({ run, tracker }: ObjectTask): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      for (const key of [tracker.object, idsKey(tracker.object)]) {
        await closeExtractJob(client, run.connectionId, key);
        await dropStage(client, stageName(run.connectionId, key));
      }
    });
  }
}

/** Salesforce does not let this connection read the object at all. */
function isRefused(error: unknown): boolean {
  return error instanceof SalesforceCallFailure ? error.reaction === 'forbidden-object' || error.reaction === 'schema-drift' || error.status === 404 : toFailure(error).code === 'OBJECT_WITHOUT_ID';
}
