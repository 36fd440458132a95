import { Inject, Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import type { OrgAccess } from '../extract/org-access.ts';
import type { Completeness } from '../receipt/receipt.ts';
import { ObjectTracker } from '../sync-run/object-tracker.ts';
import { requireLease, type ClaimedRun } from '../sync-run/run-lease.ts';
import { reasonOf } from '../sync-run/run-reason.ts';
import { scopeOf } from '../sync-run/run-verdict.ts';
import { markSyncObject } from '../warehouse/sync-object.ts';
import { lateMs, rowsOfBinnedParents, rowsOfChangedParents } from './changed-parents.ts';
import { CommitFormulas, type FormulasRead } from './commit-formulas.ts';
import { callsOfWhole, idsPerQuery, mostRowsById } from './formula-cost.ts';
import { wholeReadAt } from './formula-plan.ts';
import { FormulaScene } from './formula-scene.ts';
import { ReadFormulas } from './read-formulas.ts';

/** The objects of a run, after their rows were copied. */
export interface CopiedRun {
  readonly run: ClaimedRun;
  readonly schema: string;
  readonly org: OrgAccess;
  readonly trackers: readonly ObjectTracker[];
  readonly signal: AbortSignal;
}

/** What is to be read of an object. */
type Reading = { readonly kind: 'none' } | { readonly kind: 'rows'; readonly ids: readonly string[] } | { readonly kind: 'whole'; readonly because: string };

/** Runs by schedule look so seldom at rows whose parents are in the recycle bin. */
const binPauseMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

@Injectable()
export class RefreshFormulas {
  readonly #log = new Logger('formula');

  constructor(
    private readonly pool: SqlPool,
    private readonly readFormulas: ReadFormulas,
    private readonly commit: CommitFormulas,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * Reads again what Salesforce changes without a stamp: formulas whose parents changed, row by row; those that change with time or for reasons nobody can tell, once a day.
   * Only Ids and formulas are read. An object whose rows are not complete is left as it is: what is told of its formulas does not move.
   * @throws what concerns the whole run
   */
  async execute({ run, schema, org, trackers, signal }: CopiedRun): Promise<void> {
    const ready = new Map(trackers.filter(isReady).map((tracker) => [tracker.object, tracker]));
    const scene = await FormulaScene.load({ sql: this.pool, schema, connectionId: run.connectionId }, [...ready.keys()], () => org.client().serverNow());
    for (const object of scene?.turns ?? []) {
      const tracker = ready.get(object);
      if (scene === undefined || tracker === undefined || !isReady(tracker)) continue;
      signal.throwIfAborted();
      const client = org.client(object);
      tracker.countCalls(() => client.calls());
      // Progress of the rows stays what it is.
      const task: ObjectTask = { run, schema, org: client, tracker: new ObjectTracker(object, tracker.label, tracker.fields, () => undefined), signal };
      await this.#object(task, scene, tracker, org);
    }
  }

  async #object(task: ObjectTask, scene: FormulaScene, tracker: ObjectTracker, org: OrgAccess): Promise<void> {
    const { object } = tracker;
    try {
      const reading = await this.#next(task, scene, object);
      if (reading.kind !== 'none') this.#requireCalls(reading, scene, object, org);
      const verdict = reading.kind === 'none' ? await this.#note(task, scene, object) : await this.#read(task, scene, object, reading);
      if (!verdict.complete) await this.#giveUp(task, tracker, verdict.reason ?? 'the counts do not agree. The next run reads them again.');
    } catch (error) {
      if (task.signal.aborted || scopeOf(error) !== 'object') throw error;
      this.#log.warn(`formulas of ${object} in run ${task.run.id} are not read`, toFailure(error));
      await this.readFormulas.discard(task, object);
      await this.#giveUp(task, tracker, reasonOf(object, error).text);
    }
  }

  async #next({ run, org, schema }: ObjectTask, scene: FormulaScene, object: string): Promise<Reading> {
    const [copied, watch, formulas] = [scene.object(object), scene.watch(object), scene.formulas(object)];
    if (copied.storedRows === 0) return { kind: 'none' };
    const because = scene.wholeReadingDue(object, org.serverNow());
    if (because !== undefined) return { kind: 'whole', because };
    const perQuery = idsPerQuery(object, this.readFormulas.fieldsOf(formulas, copied));
    const most = mostRowsById(copied.storedRows, perQuery, this.config);
    const wholeAtMs = wholeReadAt(watch, copied)?.getTime() ?? 0;
    const parents = { schema, object: copied, hops: formulas.flatMap(({ hops }) => hops), copied: scene.all, seen: watch.seen, since: new Date(wholeAtMs - lateMs) };
    const changed = await rowsOfChangedParents(this.pool, parents, most);
    if (changed.length > most) return { kind: 'whole', because: 'Parents of many rows changed.' };
    const binned = await rowsOfBinnedParents(this.pool, parents, { most: perQuery, pauseMs: run.onlyDue ? binPauseMs : 0, runId: run.id });
    if (binned.length > perQuery && org.serverNow().getTime() - wholeAtMs > dayMs) return { kind: 'whole', because: 'Parents of many rows are in the recycle bin.' };
    const ids = new Set([...changed, ...(binned.length > perQuery ? [] : binned)]);
    return ids.size === 0 ? { kind: 'none' } : { kind: 'rows', ids: [...ids] };
  }

  /** @throws RateLimited `API_BUDGET_RESERVED` */
  #requireCalls(reading: Reading, scene: FormulaScene, object: string, org: OrgAccess): void {
    if (reading.kind === 'whole') org.requireCalls(callsOfWhole(scene.object(object).storedRows, this.config));
  }

  async #note(task: ObjectTask, scene: FormulaScene, object: string): Promise<Completeness> {
    const [watch, copied] = [scene.watch(object), scene.object(object)];
    const wholeAt = copied.storedRows === 0 ? copied.asOf : wholeReadAt(watch, copied);
    const known: FormulasRead = { watch: { ...watch, seen: scene.versionsOfParents(object) }, states: scene.states(object, wholeAt) };
    await this.commit.note(task, object, known);
    await scene.told(object, known, false);
    return { complete: true, reason: null };
  }

  async #read(task: ObjectTask, scene: FormulaScene, object: string, reading: Exclude<Reading, { kind: 'none' }>): Promise<Completeness> {
    const [watch, copied, formulas] = [scene.watch(object), scene.object(object), scene.formulas(object)];
    const seen = scene.versionsOfParents(object);
    const { plan, job } = reading.kind === 'rows' ? await this.readFormulas.rows(task, formulas, reading.ids) : await this.readFormulas.whole(task, formulas, watch, copied);
    const wholeAt = reading.kind === 'whole' ? job.serverTime : wholeReadAt(watch, copied);
    const known: FormulasRead = {
      watch: { wholeAt: reading.kind === 'whole' ? job.serverTime : watch.wholeAt, wholeDue: reading.kind === 'rows' && watch.wholeDue, seen, afterReceipt: null }, states: scene.states(object, wholeAt),
    };
    const verdict = await this.commit.execute(task, {
      plan, job, columns: formulas.map(({ column }) => column.column), asked: reading.kind === 'rows' ? reading.ids.length : undefined,
      because: reading.kind === 'rows' ? 'Formula fields, because parents of these rows changed.' : `Formula fields of all rows: ${reading.because}`,
    }, known);
    if (verdict.complete) await scene.told(object, known, true);
    return verdict;
  }

  /** The rows are complete, their formulas are not up to date: the run says so, and the next one tries again. */
  async #giveUp({ run, schema }: ObjectTask, tracker: ObjectTracker, because: string): Promise<void> {
    const text = `All rows are read, but formula fields are not up to date: ${because}`;
    await this.pool.transaction(async (client) => {
      await requireLease(client, run);
      await markSyncObject(client, schema, tracker.object, 'partial', text);
    });
    tracker.problem = { code: 'FORMULAS_NOT_READ', text };
    tracker.at('partial', text);
  }
}

/** Rows are as complete as they can be; deletions that nobody confirmed do not matter to formulas. */
function isReady({ isDone, problem }: ObjectTracker): boolean {
  return isDone && (problem === undefined || problem.code === 'DELETIONS_HELD');
}
