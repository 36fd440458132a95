import { Injectable } from '@nestjs/common';
import { ReceiptId } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import { v7 as uuidV7 } from 'uuid';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { closeExtractJob, type ExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { splitText } from '../extract/part.ts';
import { dropStage, stageName } from '../load/stage.ts';
import { judgeCounts, type Completeness } from '../receipt/receipt.ts';
import { insertReceipt, type StoredReceipt } from '../receipt/receipts.store.ts';
import { recountWindow } from '../receipt/recount.ts';
import { windowEvent } from '../receipt/window-event.ts';
import { one, quoted } from '../sql.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { tellFormulaStates, type FormulaState } from './formula-columns.store.ts';
import { saveFormulaWatch, type FormulaWatch } from './formula-watch.store.ts';
import { mergeColumns } from './merge-columns.ts';

/** What is known once a reading is in the warehouse. */
export interface FormulasRead {
  readonly watch: FormulaWatch;
  readonly states: readonly FormulaState[];
}

/** A staged reading of formulas. */
export interface FormulaReading {
  readonly plan: ColumnPlan;
  readonly job: ExtractJob;
  /** Columns that are formulas. */
  readonly columns: readonly string[];
  /** Rows that were asked for; undefined when it were all. */
  readonly asked: number | undefined;
  /** Why they were read; a plain sentence. */
  readonly because: string;
}

@Injectable()
export class CommitFormulas {
  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
  ) {}

  /** Brings staged formulas into the warehouse: values, receipt, event and what is told of the columns are one transaction. What is told moves only when the counts agree. */
  async execute(task: ObjectTask, reading: FormulaReading, known: FormulasRead): Promise<Completeness> {
    const { plan, job, columns } = reading;
    const stage = stageName(job.connectionId, job.object);
    const recount = await recountWindow(this.pool, task, plan, job, stage);
    return this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      const before = one(await client.query<{ version: string; settled: Date | null }>(`select version, settled_until as settled from ${quoted(task.schema)}.sync_object where object = $1 for update`, [plan.object]));
      const version = BigInt(before.version) + 1n;
      const merged = await mergeColumns(client, { schema: task.schema, stage, plan, columns, version });
      const verdict = judgeCounts({ ...job, recount, ...merged, inserted: 0 });
      const receipt: StoredReceipt = {
        id: ReceiptId.parse(uuidV7()), runId: task.run.id, object: plan.object, scope: 'formulas', api: job.api, fromVersion: before.version, toVersion: merged.updated > 0 ? version.toString() : before.version,
        sourceCount: job.sourceCount, jobCount: job.jobCount, pages: job.pages, parsed: job.parsed, inserted: 0, updated: merged.updated, unchanged: merged.unchanged, superseded: merged.superseded, tombstones: 0,
        substitutions: job.substitutions.total, apiCalls: task.org.calls(), windowFrom: null, windowUntil: job.window.until, settledUntil: before.settled, complete: verdict.complete,
        reason: [reading.because, askedText(reading), reading.asked === undefined || !verdict.complete ? verdict.reason : null, job.fallback, splitText(job.parts)].filter((part) => part !== null).join(' '),
      };
      await insertReceipt(client, task.schema, receipt);
      await client.query(`update ${quoted(task.schema)}.sync_object set version = $2 where object = $1`, [plan.object, receipt.toVersion]);
      if (verdict.complete) {
        await saveFormulaWatch(client, task.run.connectionId, plan.object, known.watch);
        await tellFormulaStates(client, task.schema, plan.object, known.states);
      }
      await this.outbox.addWith(client, windowEvent(task, receipt));
      await closeExtractJob(client, job.connectionId, job.object);
      await dropStage(client, stage);
      return { ...verdict, reason: receipt.reason };
    });
  }

  /** Nothing had to be read: only what is told moves on. */
  async note(task: ObjectTask, object: string, { watch, states }: FormulasRead): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await saveFormulaWatch(client, task.run.connectionId, object, watch);
      await tellFormulaStates(client, task.schema, object, states);
    });
  }
}

function askedText({ asked, job }: FormulaReading): string | null {
  if (asked === undefined) return null;
  const gone = asked - job.parsed;
  return gone <= 0 ? `${asked} rows were asked for by their Ids.` : `${asked} rows were asked for by their Ids, of which ${gone} are not there any more.`;
}
