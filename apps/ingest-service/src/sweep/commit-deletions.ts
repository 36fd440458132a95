import { Injectable } from '@nestjs/common';
import { ReceiptId } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import { v7 as uuidV7 } from 'uuid';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { closeExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { dropStage, stageName } from '../load/stage.ts';
import type { Completeness } from '../receipt/receipt.ts';
import { insertReceipt, type StoredReceipt } from '../receipt/receipts.store.ts';
import { windowEvent } from '../receipt/window-event.ts';
import { one, quoted } from '../sql.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { markSyncObject } from '../warehouse/sync-object.ts';
import { saveDeleteWatch, type DeleteWatch } from './delete-watch.ts';
import type { Deletions, Sweep } from './find-deletions.ts';
import { keepHeldDeletions } from './held-deletions.store.ts';
import { markDeleted, noteEmptiedBin } from './tombstones.ts';

/** What looking for deletions found. */
export interface Found {
  readonly watch: DeleteWatch;
  /** Undefined when Ids were not compared. */
  readonly sweep: Sweep | undefined;
  readonly deletions: Deletions;
  /** Rows whose deletion is not believed. */
  readonly suspected: readonly string[];
  /** Why they are not. */
  readonly refused: string | null;
  /** Rows in the warehouse, deleted ones not counted; 0 when nothing is missing. */
  readonly storedRows: number;
  /** What became of rows nobody lists. */
  readonly reason: 'purged' | 'not visible';
}

@Injectable()
export class CommitDeletions {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
  ) {}

  async keepWatch({ run }: ObjectTask, plan: ColumnPlan, watch: DeleteWatch): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await saveDeleteWatch(client, run.connectionId, plan.object, watch);
    });
  }

  /** Deletions are held still: the object is not complete, although the window was. */
  async stayPartial({ run, schema, tracker }: ObjectTask, plan: ColumnPlan, reason: string): Promise<Completeness> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await markSyncObject(client, schema, plan.object, 'partial', reason);
      await client.query(`update sync_run_object set status = 'partial' where run_id = $1 and object = $2`, [run.id, tracker.object]);
    });
    return { complete: false, reason, code: 'DELETIONS_HELD' };
  }

  /**
   * Marks rows as deleted with receipt and event in one transaction; without anything to tell only the watch is kept.
   * @returns undefined when nothing changes about the object
   */
  async execute(task: ObjectTask, plan: ColumnPlan, found: Found): Promise<Completeness | undefined> {
    const { sweep, deletions, refused } = found;
    const outcome = sweep === undefined ? found.watch.outcome : outcomeOf(sweep, found);
    const watch = { ...found.watch, outcome };
    const ids = [...deletions.listed, ...deletions.unlisted];
    if (sweep === undefined && ids.length === 0) {
      await this.keepWatch(task, plan, watch);
      return refused === null ? undefined : this.stayPartial(task, plan, refused);
    }
    return this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      const { version, settled } = one(await client.query<{ version: string; settled: Date | null }>(`select version, settled_until as settled from ${quoted(task.schema)}.sync_object where object = $1 for update`, [plan.object]));
      const next = BigInt(version) + 1n;
      const tombstones = (await markDeleted(client, task.schema, plan, deletions.listed, next, 'purged')) + (await markDeleted(client, task.schema, plan, deletions.unlisted, next, found.reason));
      if (sweep !== undefined) await keepHeldDeletions(client, task.run.connectionId, plan.object, found.suspected, found.storedRows);
      const reason = [tombstones === 0 ? null : `${tombstones} rows are gone at Salesforce without a trace in its recycle bin.`, sweep === undefined ? null : outcome].filter((text) => text !== null).join(' ');
      const receipt: StoredReceipt = {
        id: ReceiptId.parse(uuidV7()), runId: task.run.id, object: plan.object, scope: 'rows', api: sweep?.job.api ?? 'rest', fromVersion: version, toVersion: tombstones > 0 ? next.toString() : version,
        sourceCount: sweep?.job.sourceCount ?? null, jobCount: sweep?.job.jobCount ?? null, pages: sweep?.job.pages ?? 0, parsed: sweep?.job.parsed ?? 0, inserted: 0, updated: tombstones, unchanged: Math.max(0, (sweep?.job.parsed ?? 0) - (sweep?.outdated ?? 0)),
        superseded: 0, tombstones, substitutions: 0, apiCalls: task.org.calls(), windowFrom: null, windowUntil: null, settledUntil: settled, complete: refused === null, reason: reason === '' ? null : reason,
      };
      await insertReceipt(client, task.schema, receipt);
      await client.query(
        `update ${quoted(task.schema)}.sync_object set version = $2, last_receipt = $3, tombstones = tombstones + $4, reread = reread or $5, status = case when $6::text is null then status else 'partial' end, reason = coalesce($6, reason) where object = $1`,
        [plan.object, receipt.toVersion, receipt.id, tombstones, (sweep?.outdated ?? 0) > 0, refused]);
      await this.outbox.addWith(client, windowEvent(task, receipt));
      await saveDeleteWatch(client, task.run.connectionId, plan.object, watch);
      if (sweep !== undefined) {
        await noteEmptiedBin(client, task.schema, plan, stageName(sweep.job.connectionId, sweep.job.object));
        await closeExtractJob(client, sweep.job.connectionId, sweep.job.object);
        await dropStage(client, stageName(sweep.job.connectionId, sweep.job.object));
      }
      if (refused === null) return { complete: true, reason: receipt.reason };
      await client.query(`update sync_run_object set status = 'partial' where run_id = $1 and object = $2`, [task.run.id, task.tracker.object]);
      return { complete: false, reason: receipt.reason, code: 'DELETIONS_HELD' };
    });
  }
}

function outcomeOf({ job, outdated }: Sweep, { deletions, refused }: Found): string {
  if (refused !== null) return refused;
  const gone = deletions.unlisted.length;
  return `All ${job.parsed} Ids were compared: ${gone} rows were missing at Salesforce${outdated === 0 ? '.' : `, ${outdated} were missing or older here and are read again by the next run.`}`;
}
