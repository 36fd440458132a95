import { Injectable } from '@nestjs/common';
import { ReceiptId } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { closeExtractJob, type ExtractJob } from '../extract/extract-job.ts';
import { endBackfill, findBackfill, type Backfill } from '../extract/backfill.store.ts';
import { newestText } from '../extract/newest-first.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { splitText } from '../extract/part.ts';
import { settledAfter } from '../extract/window-plan.ts';
import { completeList } from '../load/deleted-list.ts';
import { mergeStage } from '../load/merge.ts';
import { dropStage, stageName } from '../load/stage.ts';
import { quoted } from '../sql.ts';
import { AbsentRows, type Absence } from '../sweep/absent-rows.ts';
import { keepHeldDeletions } from '../sweep/held-deletions.store.ts';
import { heldText } from '../sweep/missing-rows.ts';
import { markDeleted, noteTombstones } from '../sweep/tombstones.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { judgeCounts, type Completeness } from './receipt.ts';
import { insertReceipt, type StoredReceipt } from './receipts.store.ts';
import { recountWindow } from './recount.ts';
import { windowEvent } from './window-event.ts';

@Injectable()
export class CommitWindow {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly absentRows: AbsentRows,
  ) {}

  /**
   * Brings a staged window into the warehouse: rows, bookmark, receipt and event are one transaction.
   * The bookmark moves only when the counts agree. An object without a cursor was read whole: what is absent is deleted, unless that is so much that it is not believed.
   */
  async execute(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<Completeness> {
    task.tracker.at('merging', 'Writing rows');
    const stage = stageName(job.connectionId, job.object);
    const recount = await recountWindow(this.pool, task, plan, job, stage);
    const absence = plan.cursor === undefined ? await this.absentRows.execute(task, plan, job) : undefined;
    return this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      const before = await lockObject(client, task.schema, plan.object);
      const version = BigInt(before.version) + 1n;
      const staged = { rows: job.parsed, deleted: job.deleted };
      const merged = await mergeStage(client, { schema: task.schema, stage, plan, version, staged, joins: job.reach === 'backfill' });
      const counts = judgeCounts({ ...job, recount, ...merged });
      const believed = counts.complete ? absence : undefined;
      const absent = await markDeleted(client, task.schema, plan, believed?.gone ?? [], version, 'purged');
      if (believed !== undefined) await keepHeldDeletions(client, job.connectionId, plan.object, believed.suspected, believed.storedRows);
      const verdict = judgeAbsence(counts, believed);
      const receipt: StoredReceipt = {
        id: ReceiptId.parse(uuidV7()), runId: task.run.id, object: plan.object, scope: 'rows', api: job.api, fromVersion: before.version,
        toVersion: merged.inserted + merged.updated + absent > 0 ? version.toString() : before.version,
        sourceCount: job.sourceCount, jobCount: job.jobCount, pages: job.pages, parsed: job.parsed, inserted: merged.inserted, updated: merged.updated + absent, unchanged: merged.unchanged,
        superseded: merged.superseded, tombstones: merged.tombstones + absent, substitutions: job.substitutions.total, apiCalls: task.org.calls(),
        windowFrom: job.window.from, windowUntil: job.window.until, settledUntil: verdict.complete ? settledAfter(job.window, job.serverTime, before.settled_until) : before.settled_until,
        complete: verdict.complete, reason: sentence([verdict.reason, job.reach === 'newest' ? newestText(job.window) : null, job.fallback, splitText(job.parts), substituted(job)]),
      };
      await insertReceipt(client, task.schema, receipt);
      const backfill = job.reach === 'all' ? undefined : await findBackfill(client, job.connectionId, plan.object);
      await moveBookmark(client, task.schema, plan, job, receipt, { before, recount, tombstones: absent + merged.tombstones - merged.restored, backfill });
      if (verdict.complete && job.window.from === null) await endBackfill(client, job.connectionId, plan.object);
      if (receipt.toVersion !== before.version) await noteTombstones(client, task.schema, plan, receipt.toVersion, await completeList(client, stage, staged, merged));
      await this.outbox.addWith(client, windowEvent(task, receipt));
      await closeExtractJob(client, job.connectionId, job.object);
      await dropStage(client, stage);
      if (!verdict.complete || job.reach !== 'newest') await client.query(`update sync_run_object set status = $3 where run_id = $1 and object = $2`, [task.run.id, task.tracker.object, verdict.complete ? 'complete' : 'partial']);
      return { ...verdict, reason: receipt.reason };
    });
  }
}

function judgeAbsence(counts: Completeness, absence: Absence | undefined): Completeness {
  return absence === undefined || absence.suspected.length === 0 ? counts : { complete: false, reason: heldText(absence.suspected.length, absence.storedRows), code: 'DELETIONS_HELD' };
}

interface LockedObject {
  readonly version: string;
  readonly settled_until: Date | null;
  readonly stored_rows: string;
}

/** Windows of an object take their versions one after the other, so that versions become visible in order. */
async function lockObject(client: PoolClient, schema: string, object: string): Promise<LockedObject> {
  const { rows: [row] } = await client.query<LockedObject>(`select version, settled_until, stored_rows from ${quoted(schema)}.sync_object where object = $1 for update`, [object]);
  if (row === undefined) throw new Error(`no bookkeeping row for ${object}`);
  return row;
}

/** What a window changes of an object's bookkeeping besides its counts. */
interface Reached {
  readonly before: LockedObject;
  /** Counted again after reading, when the first count differed. */
  readonly recount: number | null;
  readonly tombstones: number;
  readonly backfill: Backfill | undefined;
}

/** Where the bookmark goes. After the newest rows of a first load it says from where changes are read, but nothing is called loaded before the older ones are there. */
async function moveBookmark(client: PoolClient, schema: string, plan: ColumnPlan, job: ExtractJob, receipt: StoredReceipt, { before, recount, tombstones, backfill }: Reached): Promise<void> {
  const counted = recount ?? job.sourceCount;
  const sourceRows = { all: job.window.from === null ? counted : undefined, newest: backfill?.sourceRows, backfill: counted === null ? null : Number(before.stored_rows) + counted }[job.reach];
  const isLoaded = receipt.complete && job.reach !== 'newest';
  await client.query(
    `update ${quoted(schema)}.sync_object set status = $2, reason = $3, version = $4, last_receipt = $5, stored_rows = stored_rows + $6, tombstones = tombstones + $7,
            source_rows = case when $8 then $9 else greatest(source_rows, stored_rows + $6) end,
            cursor_field = case when $10 then $11 else cursor_field end, settled_until = case when $10 then $12 else settled_until end,
            as_of = case when $15 then $13 else as_of end, loaded_at = case when $15 then coalesce(loaded_at, now()) else loaded_at end, reread = reread and not ($10 and $16), label = $14,
            read_whole_at = case when $15 and $17 then $13 else read_whole_at end
      where object = $1`,
    [plan.object, !receipt.complete ? 'partial' : isLoaded ? 'complete' : 'loading', receipt.complete ? (isLoaded ? null : newestText(job.window)) : receipt.reason, receipt.toVersion, receipt.id, receipt.inserted, tombstones,
      sourceRows !== undefined, sourceRows ?? null, receipt.complete, plan.cursor?.field ?? null, receipt.settledUntil, job.reach === 'backfill' ? (backfill?.asOf ?? job.serverTime) : job.serverTime, plan.label, isLoaded, job.window.from === null && job.reach === 'all', job.window.from === null]);
}

function substituted({ substitutions }: ExtractJob): string | null {
  const text = substitutions.text();
  return text === null ? null : `Stored otherwise than sent: ${text}.`;
}

function sentence(parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(' ');
}
