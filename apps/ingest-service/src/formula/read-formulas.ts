import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { selectByIdSoql } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { DescribeObject } from '../describe/describe-object.ts';
import { closeExtractJob, type ExtractJob } from '../extract/extract-job.ts';
import { arrived, type ObjectTask } from '../extract/object-task.ts';
import { wholeOf } from '../extract/part.ts';
import { ReadWindow } from '../extract/read-window.ts';
import { asTexts, pageIncomplete } from '../extract/row-source.ts';
import { fieldsOf } from '../extract/window-soql.ts';
import { copyPage, createStage, dropStage, stageName, type RowBatch } from '../load/stage.ts';
import { Substitutions } from '../load/substitutions.ts';
import { requireLease } from '../sync-run/run-lease.ts';
import { idsPerQuery } from './formula-cost.ts';
import type { CopiedObject, PlannedFormula } from './formula-plan.ts';
import { saveFormulaWatch, type FormulaWatch } from './formula-watch.store.ts';

/** Under which a reading of an object's formulas is kept. */
export function formulaKey(object: string): string {
  return `${object}#formulas`;
}

/** What was read, and of which columns. */
export interface StagedFormulas {
  readonly plan: ColumnPlan;
  readonly job: ExtractJob;
}

@Injectable()
export class ReadFormulas {
  constructor(
    private readonly pool: SqlPool,
    private readonly describeObject: DescribeObject,
    private readonly readWindow: ReadWindow,
  ) {}

  /**
   * Brings the formulas of all rows into the staging table. What an earlier process staged is gone on with, unless rows were read since: those may be newer.
   * @throws what describing and reading a window throw
   */
  async whole(task: ObjectTask, formulas: readonly PlannedFormula[], watch: FormulaWatch, { object, lastReceipt }: CopiedObject): Promise<StagedFormulas> {
    const plan = await this.#plan(task, formulas);
    if (watch.afterReceipt !== lastReceipt) await this.#begin(task, object, { ...watch, afterReceipt: lastReceipt });
    return { plan, job: await this.readWindow.execute(task, plan, { cursorField: null, settledUntil: null, reread: false }, formulaKey(object)) };
  }

  /** Brings the formulas of some rows into the staging table; rows that are not there any more are left out. @throws Unavailable `PAGE_INCOMPLETE`; what Salesforce refuses */
  async rows(task: ObjectTask, formulas: readonly PlannedFormula[], ids: readonly string[]): Promise<StagedFormulas> {
    const plan = await this.#plan(task, formulas);
    return { plan, job: await this.#rows(task, plan, ids) };
  }

  /** Names of the fields a reading asks for. */
  fieldsOf(formulas: readonly PlannedFormula[], { cursorField }: CopiedObject): string[] {
    return ['Id', 'IsDeleted', ...(cursorField === null ? [] : [cursorField]), ...formulas.map(({ column }) => column.field)];
  }

  /** Of an object's columns the Id, the marks by which rows are told apart, and the formulas. */
  async #plan(task: ObjectTask, formulas: readonly PlannedFormula[]): Promise<ColumnPlan> {
    const plan = await this.describeObject.execute(task);
    const wanted = new Set(['id', 'isdeleted', plan.cursor?.column, ...formulas.map(({ column }) => column.column)]);
    return { ...plan, columns: plan.columns.filter(({ column }) => wanted.has(column)) };
  }

  async #begin(task: ObjectTask, object: string, watch: FormulaWatch): Promise<void> {
    await this.discard(task, object);
    await this.pool.transaction(async (client) => {
      await requireLease(client, task.run);
      await saveFormulaWatch(client, task.run.connectionId, object, watch);
    });
  }

  async #rows(task: ObjectTask, plan: ColumnPlan, ids: readonly string[]): Promise<ExtractJob> {
    const key = formulaKey(plan.object);
    const stage = stageName(task.run.connectionId, key);
    const substitutions = new Substitutions();
    const serverTime = task.org.serverNow();
    let pages = 0;
    const parsed = await this.pool.transaction(async (client) => {
      await closeExtractJob(client, task.run.connectionId, key);
      await createStage(client, stage, { schema: task.schema, plan, isLoad: false, joins: false });
      const rows = await copyPage(client, recordsById(task, plan, ids, substitutions, () => (pages += 1)), { stage, columns: plan.columns, page: 0, substitutions, onRows: arrived(task) });
      // Only here, not before the rows: a renewal of the lease must not wait for an answer.
      await requireLease(client, task.run);
      return rows;
    });
    const window = { from: null, until: null };
    return {
      connectionId: task.run.connectionId, object: key, fields: fieldsOf(plan), window, serverTime, sourceCount: null, api: 'rest', fallback: null, bulk: undefined, jobCount: null, locator: null, pages, parsed, deleted: 0,
      substitutions, parts: wholeOf(window), allRead: true, reach: 'all',
    };
  }

  /** Forgets a reading that is of no use any more. */
  async discard({ run }: ObjectTask, object: string): Promise<void> {
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await closeExtractJob(client, run.connectionId, formulaKey(object));
      await dropStage(client, stageName(run.connectionId, formulaKey(object)));
    });
  }
}

async function* recordsById({ org, signal }: ObjectTask, plan: ColumnPlan, ids: readonly string[], substitutions: Substitutions, onPage: () => void): AsyncGenerator<RowBatch> {
  const fields = fieldsOf(plan);
  const perQuery = idsPerQuery(plan.object, fields);
  for (let from = 0; from < ids.length; from += perQuery) {
    signal.throwIfAborted();
    let [promised, arrivedRows] = [0, 0];
    for await (const { records, totalSize } of org.data.queryAll(selectByIdSoql(plan.object, fields, ids.slice(from, from + perQuery)))) {
      promised = totalSize;
      arrivedRows += records.length;
      onPage();
      yield asTexts(records, fields, substitutions);
    }
    if (arrivedRows !== promised) throw pageIncomplete(promised, arrivedRows);
  }
}
