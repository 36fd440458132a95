import { Injectable } from '@nestjs/common';
import { ReceiptId, windowCommitted } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { causeOf } from '../describe/describe-object.ts';
import { closeExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { dropStage, stageName } from '../load/stage.ts';
import type { Completeness } from '../receipt/receipt.ts';
import { insertReceipt, type StoredReceipt } from '../receipt/receipts.store.ts';
import { one, quoted } from '../sql.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { qualified } from '../warehouse/warehouse-table.ts';
import { saveDeleteWatch, type DeleteWatch } from './delete-watch.ts';
import type { Deletions, Sweep } from './find-deletions.ts';
import { addTombstones } from './tombstones.ts';

/** What looking for deletions found. */
export interface Found {
  readonly watch: DeleteWatch;
  /** Undefined when Ids were not compared. */
  readonly sweep: Sweep | undefined;
  readonly deletions: Deletions;
  /** Why missing rows are not believed to be deleted. */
  readonly refused: string | null;
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
      return undefined;
    }
    return this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      const { version, settled } = one(await client.query<{ version: string; settled: Date | null }>(`select version, settled_until as settled from ${quoted(task.schema)}.sync_object where object = $1 for update`, [plan.object]));
      const tombstones = await mark(client, task.schema, plan, ids, BigInt(version) + 1n);
      await addTombstones(client, task.schema, plan.object, deletions.listed, 'purged');
      await addTombstones(client, task.schema, plan.object, deletions.unlisted, found.reason);
      const reason = [tombstones === 0 ? null : `${tombstones} rows are gone at Salesforce without a trace in its recycle bin.`, sweep === undefined ? null : outcome].filter((text) => text !== null).join(' ');
      const receipt: StoredReceipt = {
        id: ReceiptId.parse(uuidV7()), runId: task.run.id, object: plan.object, api: sweep?.job.api ?? 'rest', fromVersion: version, toVersion: tombstones > 0 ? (BigInt(version) + 1n).toString() : version,
        sourceCount: sweep?.job.sourceCount ?? null, jobCount: sweep?.job.jobCount ?? null, parsed: sweep?.job.parsed ?? 0, inserted: 0, updated: tombstones, unchanged: Math.max(0, (sweep?.job.parsed ?? 0) - (sweep?.outdated ?? 0)),
        superseded: 0, tombstones, substitutions: 0, apiCalls: task.org.calls(), windowFrom: null, windowUntil: null, settledUntil: settled, complete: refused === null, reason: reason === '' ? null : reason,
      };
      await insertReceipt(client, task.schema, receipt);
      await client.query(
        `update ${quoted(task.schema)}.sync_object set version = $2, last_receipt = $3, tombstones = tombstones + $4, reread = reread or $5, status = case when $6::text is null then status else 'partial' end, reason = coalesce($6, reason) where object = $1`,
        [plan.object, receipt.toVersion, receipt.id, tombstones, (sweep?.outdated ?? 0) > 0, refused]);
      await this.outbox.addWith(client, windowCommitted.create({
        connectionId: task.run.connectionId, runId: task.run.id, object: task.tracker.object, receiptId: receipt.id, fromVersion: receipt.fromVersion, toVersion: receipt.toVersion,
        rows: tombstones, tombstones, settledUntil: settled?.toISOString() ?? null, complete: receipt.complete,
      }, { causedBy: causeOf(task.run) }));
      await saveDeleteWatch(client, task.run.connectionId, plan.object, watch);
      if (sweep !== undefined) {
        await closeExtractJob(client, sweep.job.connectionId, sweep.job.object);
        await dropStage(client, stageName(sweep.job.connectionId, sweep.job.object));
      }
      if (refused !== null) await client.query(`update sync_run_object set status = 'partial' where run_id = $1 and object = $2`, [task.run.id, task.tracker.object]);
      return { complete: refused === null, reason: receipt.reason };
    });
  }
}

/** Keeps the rows as they were and marks them. @returns rows newly marked */
async function mark(client: PoolClient, schema: string, { object, table }: ColumnPlan, ids: readonly string[], version: bigint): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = `${qualified(schema, table)} t`;
  await client.query(`insert into ${quoted(schema)}.record_version (object, id, version, row) select $1, t.id, t._version, to_jsonb(t) from ${rows} where t.id = any($2) and not t._deleted`, [object, ids]);
  const { rowCount } = await client.query(`update ${rows} set _deleted = true, _version = $2, _synced_at = now() where t.id = any($1) and not t._deleted`, [ids, version.toString()]);
  return rowCount ?? 0;
}

function outcomeOf({ job, outdated }: Sweep, { deletions, refused }: Found): string {
  if (refused !== null) return refused;
  const gone = deletions.unlisted.length;
  return `All ${job.parsed} Ids were compared: ${gone} rows were missing at Salesforce${outdated === 0 ? '.' : `, ${outdated} were missing or older here and are read again by the next run.`}`;
}
