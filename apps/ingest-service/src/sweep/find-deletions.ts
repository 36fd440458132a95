import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { countSoql, SalesforceCallFailure, selectByIdSoql } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { ReadWindow } from '../extract/read-window.ts';
import { stageName } from '../load/stage.ts';
import type { Completeness } from '../receipt/receipt.ts';
import { one, quoted } from '../sql.ts';
import { qualified } from '../warehouse/warehouse-table.ts';
import { CommitDeletions } from './commit-deletions.ts';
import { findDeleteWatch, type DeleteSource, type DeleteWatch } from './delete-watch.ts';
import { deletionInterval, isCountDue, isQuiet, isSuspicious, isSweepDue } from './sweep-plan.ts';
import { noteTombstones } from './tombstones.ts';

const idsPerQuery = 200;

/** Ids of rows that are in the warehouse and not at the source. */
export interface Deletions {
  /** Salesforce itself lists their deletion. */
  readonly listed: readonly string[];
  /** Nobody says what became of them. */
  readonly unlisted: readonly string[];
}

/** A comparison of all Ids. */
export interface Sweep {
  readonly job: ExtractJob;
  readonly missing: readonly string[];
  /** Rows the source has and the warehouse has not, or has older. */
  readonly outdated: number;
}

@Injectable()
export class FindDeletions {
  constructor(
    private readonly pool: SqlPool,
    private readonly readWindow: ReadWindow,
    private readonly commit: CommitDeletions,
  ) {}

  /** Finds rows that vanished without a trace in the recycle bin, after a window of the object was committed. @returns the window's verdict, or why deletions could not be told */
  async execute(task: ObjectTask, plan: ColumnPlan, window: Completeness): Promise<Completeness> {
    await noteTombstones(this.pool, task, plan);
    // An object without a cursor is read whole each time: what is absent is deleted.
    if (plan.cursor === undefined) return window;
    const { connectionId } = task.run;
    const now = task.org.serverNow();
    const known = await findDeleteWatch(this.pool, connectionId, plan.object);
    const sources = sourcesOf(plan);
    if (known === undefined) {
      await this.commit.keepWatch(task, plan, { coveredUntil: new Date(now.getTime() - 15 * 60_000), sweptAt: now, countedAt: now, sweepDue: false, sources, outcome: null });
      return window;
    }
    if (task.run.onlyDue && isQuiet(known, now, plan.replicateable)) return window;
    const listed = await this.#listed(task, plan, known, now);
    const counted = isCountDue(known.countedAt, now, plan.replicateable);
    const gap = known.sweepDue || listed.gap;
    const due = gap || isSweepDue(known.sweptAt, now) || (counted && (await this.#hasMoreThanSource(task, plan, listed.ids)));
    const watch: DeleteWatch = { ...known, coveredUntil: listed.coveredUntil, countedAt: counted ? now : known.countedAt, sweepDue: due, sources };
    await this.commit.keepWatch(task, plan, watch);
    const sweep = due ? await this.#sweep(task, plan) : undefined;
    const inLog = new Set(listed.ids);
    const missing = (sweep?.missing ?? []).filter((id) => !inLog.has(id));
    const stored = missing.length === 0 ? 0 : await this.#stored(task, plan);
    const suspicious = isSuspicious(missing.length, stored);
    const deletions: Deletions = { listed: await this.#absent(task, plan, await this.#present(task, plan, listed.ids)), unlisted: suspicious ? [] : await this.#absent(task, plan, missing) };
    const refused = suspicious ? `${missing.length} of ${stored} rows cannot be found at Salesforce any more, which looks like a lost permission or changed sharing; nothing was marked as deleted.` : null;
    const verdict = await this.commit.execute(task, plan, { watch: { ...watch, sweptAt: sweep === undefined ? watch.sweptAt : now, sweepDue: suspicious }, sweep, deletions, refused, reason: plan.replicateable && !gap ? 'not visible' : 'purged' });
    return verdict ?? window;
  }

  async #listed(task: ObjectTask, plan: ColumnPlan, { coveredUntil }: DeleteWatch, now: Date): Promise<{ ids: readonly string[]; coveredUntil: Date; gap: boolean }> {
    const interval = plan.replicateable ? deletionInterval(coveredUntil, now) : undefined;
    if (interval === undefined) return { ids: [], coveredUntil, gap: false };
    try {
      const { ids, earliestDateAvailable, latestDateCovered } = await task.org.data.deleted(plan.object, interval.start, interval.end);
      return { ids, coveredUntil: latestDateCovered, gap: interval.gap || earliestDateAvailable > interval.start };
    } catch (error) {
      if (!(error instanceof SalesforceCallFailure && ['cursor-lost', 'split-window', 'our-fault'].includes(error.reaction))) throw error;
      return { ids: [], coveredUntil: now, gap: true };
    }
  }

  /** Whether the warehouse has rows the source has not. */
  async #hasMoreThanSource({ org, schema }: ObjectTask, plan: ColumnPlan, listed: readonly string[]): Promise<boolean> {
    const { count } = await org.data.count(countSoql(plan.object));
    const { rows } = await this.pool.query<{ count: string }>(
      `select count(*) as count from ${qualified(schema, plan.table)} t left join ${quoted(schema)}.tombstone d on d.object = $1 and d.id = t.id where d.reason is distinct from 'purged' and d.reason is distinct from 'not visible' and t.id <> all($2)`,
      [plan.object, listed]);
    return Number(one({ rows }).count) > count;
  }

  async #stored({ schema }: ObjectTask, plan: ColumnPlan): Promise<number> {
    return Number(one(await this.pool.query<{ count: string }>(`select count(*) as count from ${qualified(schema, plan.table)} where not _deleted`)).count);
  }

  /** Reads all Ids with their stamps and compares them with rows that were there before the reading began. */
  async #sweep(task: ObjectTask, plan: ColumnPlan): Promise<Sweep> {
    const { began } = one(await this.pool.query<{ began: Date }>('select now() as began'));
    const stamp = plan.cursor?.column ?? 'id';
    const columns = plan.columns.filter(({ column }) => column === 'id' || column === 'isdeleted' || column === stamp);
    const job = await this.readWindow.execute(task, { ...plan, columns }, { cursorField: null, settledUntil: null, reread: false }, `${plan.object}#ids`);
    const stage = quoted(stageName(job.connectionId, job.object));
    const table = qualified(task.schema, plan.table);
    const missing = await this.pool.query<{ id: string }>(`select t.id from ${table} t where not t._deleted and t._synced_at < $1 and not exists (select from ${stage} s where s.id = t.id)`, [began]);
    const outdated = await this.pool.query<{ count: string }>(
      `select count(*) as count from ${stage} s left join ${table} t on t.id = s.id where t.id is null or t.${quoted(stamp)} < s.${quoted(stamp)} or (t._deleted and not s._deleted)`);
    return { job, missing: missing.rows.map(({ id }) => id), outdated: Number(one(outdated).count) };
  }

  /** Those of the ids the warehouse has and does not know to be gone for good. */
  async #present({ schema }: ObjectTask, plan: ColumnPlan, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.pool.query<{ id: string }>(
      `select t.id from ${qualified(schema, plan.table)} t left join ${quoted(schema)}.tombstone d on d.object = $1 and d.id = t.id where t.id = any($2) and d.reason is distinct from 'purged'`, [plan.object, ids]);
    return rows.map(({ id }) => id);
  }

  /** Those of the ids that Salesforce does not give, deleted rows included. */
  async #absent({ org, signal }: ObjectTask, plan: ColumnPlan, ids: readonly string[]): Promise<string[]> {
    const absent = new Set(ids);
    for (let from = 0; from < ids.length; from += idsPerQuery) {
      signal.throwIfAborted();
      for await (const { records } of org.data.queryAll(selectByIdSoql(plan.object, ['Id'], ids.slice(from, from + idsPerQuery)))) for (const { Id: id } of records) absent.delete(String(id));
    }
    return [...absent];
  }
}

function sourcesOf(plan: ColumnPlan): DeleteSource[] {
  return [...(plan.hasIsDeleted ? (['recycle bin'] as const) : []), ...(plan.replicateable ? (['list of deletions'] as const) : []), 'comparison of all Ids'];
}
