import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { countSoql, SalesforceCallFailure } from '@tributary/salesforce-client';
import { saidToBeDeleted } from '../change-events/changed-objects.store.ts';
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
import { findHeldDeletions, type HeldDeletions } from './held-deletions.store.ts';
import { absentAtSource, heldText, judgeMissing } from './missing-rows.ts';
import { deletionInterval, idsKey, isCountDue, isQuiet, isSweepDue } from './sweep-plan.ts';

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
  /** Rows the source has and the warehouse has not, or has older, or not yet deleted. */
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
    // An object without a cursor is read whole each time: what is absent is deleted.
    if (plan.cursor === undefined) return window;
    const { connectionId } = task.run;
    const now = task.org.serverNow();
    const watched = await findDeleteWatch(this.pool, connectionId, plan.object);
    const known = watched ?? (await this.#firstWatch(task, plan, now));
    if (watched === undefined && !known.sweepDue) {
      await this.commit.keepWatch(task, plan, known);
      return window;
    }
    const held = await findHeldDeletions(this.pool, connectionId, plan.object);
    const said = await saidToBeDeleted(this.pool, connectionId, plan.object);
    if (task.run.onlyDue && said.length === 0 && held?.isConfirmed !== true && isQuiet(known, now, plan.replicateable)) return held === undefined ? window : this.commit.stayPartial(task, plan, heldText(held.ids.length, held.storedRows));
    const listed = await this.#listed(task, plan, known, now);
    const counted = held !== undefined || isCountDue(known.countedAt, now, plan.replicateable);
    const gap = known.sweepDue || listed.gap;
    const due = gap || held?.isConfirmed === true || isSweepDue(known.sweptAt, now) || (counted && (await this.#asksForSweep(task, plan, listed.ids, held)));
    const watch: DeleteWatch = { ...known, coveredUntil: listed.coveredUntil, countedAt: counted ? now : known.countedAt, sweepDue: due, sources: sourcesOf(plan) };
    // A comparison that breaks off stays due. Nothing else is noted: until the rows listed are marked, the list has to give them again.
    if (due) await this.commit.keepWatch(task, plan, { ...known, sweepDue: true, sources: watch.sources });
    const sweep = due ? await this.#sweep(task, plan) : undefined;
    const inLog = new Set(listed.ids);
    const missing = (sweep?.missing ?? []).filter((id) => !inLog.has(id));
    const storedRows = missing.length === 0 ? 0 : await this.#stored(task, plan);
    const { believed, suspected } = judgeMissing(missing, storedRows, held);
    const deletions: Deletions = { listed: await absentAtSource(task, plan.object, await this.#present(task, plan, [...listed.ids, ...said])), unlisted: await absentAtSource(task, plan.object, believed) };
    const verdict = await this.commit.execute(task, plan, {
      watch: { ...watch, sweptAt: sweep === undefined ? watch.sweptAt : now, sweepDue: false }, sweep, deletions, suspected, storedRows,
      refused: refusal(sweep === undefined ? held : { ids: suspected, storedRows }), reason: plan.replicateable && !gap && held?.isConfirmed !== true ? 'not visible' : 'purged',
    });
    return verdict ?? window;
  }

  /** From when deletions are to be known. Rows of an earlier run, when the object had no cursor, may be gone since: this window did not show it. */
  async #firstWatch({ run, schema }: ObjectTask, plan: ColumnPlan, now: Date): Promise<DeleteWatch> {
    const { as_of: asOf, loaded_before: loadedBefore } = one(await this.pool.query<{ as_of: Date | null; loaded_before: boolean | null }>(
      `select as_of, loaded_at < (select started_at from sync_run where id = $2) as loaded_before from ${quoted(schema)}.sync_object where object = $1`, [plan.object, run.id]));
    return { coveredUntil: new Date((asOf ?? now).getTime() - 15 * 60_000), sweptAt: now, countedAt: now, sweepDue: loadedBefore === true, sources: sourcesOf(plan), outcome: null };
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

  /** Whether the warehouse has rows the source has not; while rows are held, whether as many as before are there again. */
  async #asksForSweep({ org, schema }: ObjectTask, plan: ColumnPlan, listed: readonly string[], held: HeldDeletions | undefined): Promise<boolean> {
    const { count } = await org.data.count(countSoql(plan.object));
    const { rows } = await this.pool.query<{ count: string }>(
      `select count(*) as count from ${qualified(schema, plan.table)} t left join ${quoted(schema)}.tombstone d on d.object = $1 and d.id = t.id where d.reason is distinct from 'purged' and d.reason is distinct from 'not visible' and t.id <> all($2)`,
      [plan.object, listed]);
    const more = Number(one({ rows }).count) - count;
    return held === undefined ? more > 0 : more !== held.ids.length;
  }

  async #stored({ schema }: ObjectTask, plan: ColumnPlan): Promise<number> {
    return Number(one(await this.pool.query<{ count: string }>(`select count(*) as count from ${qualified(schema, plan.table)} where not _deleted`)).count);
  }

  /** Reads all Ids with their stamps and compares them with rows that were there before the reading began. */
  async #sweep(task: ObjectTask, plan: ColumnPlan): Promise<Sweep> {
    const { began } = one(await this.pool.query<{ began: Date }>('select now() as began'));
    const stamp = plan.cursor?.column ?? 'id';
    const columns = plan.columns.filter(({ column }) => column === 'id' || column === 'isdeleted' || column === stamp);
    const job = await this.readWindow.execute(task, { ...plan, columns }, { cursorField: null, settledUntil: null, reread: false }, idsKey(plan.object));
    const stage = quoted(stageName(job.connectionId, job.object));
    const table = qualified(task.schema, plan.table);
    const missing = await this.pool.query<{ id: string }>(`select t.id from ${table} t where not t._deleted and t._synced_at < $1 and not exists (select from ${stage} s where s.id = t.id)`, [began]);
    const outdated = await this.pool.query<{ count: string }>(
      `select count(*) as count from ${stage} s left join ${table} t on t.id = s.id where t.id is null or t.${quoted(stamp)} < s.${quoted(stamp)} or (t._deleted and not s._deleted)
         or (s._deleted and not t._deleted and t.${quoted(stamp)} is not distinct from s.${quoted(stamp)})`);
    return { job, missing: missing.rows.map(({ id }) => id), outdated: Number(one(outdated).count) };
  }

  /** Those of the ids the warehouse has and does not know to be gone for good. */
  async #present({ schema }: ObjectTask, plan: ColumnPlan, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.pool.query<{ id: string }>(
      `select t.id from ${qualified(schema, plan.table)} t left join ${quoted(schema)}.tombstone d on d.object = $1 and d.id = t.id where t.id = any($2) and d.reason is distinct from 'purged'`, [plan.object, ids]);
    return rows.map(({ id }) => id);
  }
}

function refusal(held: Pick<HeldDeletions, 'ids' | 'storedRows'> | undefined): string | null {
  return held === undefined || held.ids.length === 0 ? null : heldText(held.ids.length, held.storedRows);
}

function sourcesOf(plan: ColumnPlan): DeleteSource[] {
  return [...(plan.hasIsDeleted ? (['recycle bin'] as const) : []), ...(plan.replicateable ? (['list of deletions'] as const) : []), 'comparison of all Ids'];
}
