import { Inject, Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { isEmpty } from '../load/load-table.ts';
import { chooseApi, type ExtractApi } from './api-choice.ts';
import { findBackfill, type Backfill } from './backfill.store.ts';
import { countWindow } from './count-window.ts';
import { isWorthReadingFirst, newestBounds, type Reach } from './newest-first.ts';
import type { ObjectTask } from './object-task.ts';
import { wholeOf, type PartsOfJob } from './part.ts';
import { PlanParts } from './plan-parts.ts';
import { planWindow, type Bookmark, type Window } from './window-plan.ts';
import { soqlOf } from './window-soql.ts';

/** How far an object was read before. */
export type Known = Bookmark & { readonly reread: boolean };

/** A window to read. */
export interface PlannedWindow {
  readonly window: Window;
  readonly reach: Reach;
  /** Salesforce's clock when it was planned. */
  readonly serverTime: Date;
  /** Rows it has at the source; undefined when they cannot be counted. */
  readonly sourceCount: number | undefined;
  /** What must follow it. */
  readonly backfill?: Backfill;
}

/** How it is read: by which API, and in which pieces. */
export interface Course {
  readonly api: ExtractApi;
  readonly parts: PartsOfJob;
}

@Injectable()
export class PlanWindow {
  constructor(
    private readonly pool: SqlPool,
    private readonly planParts: PlanParts,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /** The next window of an object: the older rows when only the newest are there, else what may have changed; of a large first load the newest rows first. @param key of another reading than the object's own */
  async execute(task: ObjectTask, plan: ColumnPlan, known: Known, key: string): Promise<PlannedWindow & Course> {
    const planned = await this.#window(task, plan, known, key);
    const api = chooseApi(planned.sourceCount, soqlOf(plan, planned.window), this.config.restRows);
    return { ...planned, api, parts: api === 'bulk' ? await this.planParts.execute(task, plan, planned.window, planned.sourceCount) : wholeOf(planned.window) };
  }

  async #window(task: ObjectTask, plan: ColumnPlan, known: Known, key: string): Promise<PlannedWindow> {
    task.tracker.at('counting', 'Counting rows at Salesforce');
    const serverTime = task.org.serverNow();
    const isOwn = key === plan.object;
    const rest = isOwn ? await this.#rest(task, plan, known) : undefined;
    const window = rest ?? planWindow(known, plan.cursor?.field, serverTime, known.reread);
    const sourceCount = await countWindow(task, plan, window);
    const whole: PlannedWindow = { window, reach: rest === undefined ? 'all' : 'backfill', serverTime, sourceCount };
    const isFirst = isOwn && known.settledUntil === null && !known.reread && window.until !== null && sourceCount !== undefined && sourceCount >= this.config.newestFirstRows;
    return isFirst && (await isEmpty(this.pool, task.schema, plan.table)) ? this.#newest(task, plan, whole) : whole;
  }

  /** Older rows than the newest, while they alone are there; reading everything again reads them too. */
  async #rest(task: ObjectTask, plan: ColumnPlan, known: Known): Promise<Window | undefined> {
    if (known.settledUntil === null || known.reread || known.cursorField !== plan.cursor?.field) return undefined;
    const backfill = await findBackfill(this.pool, task.run.connectionId, plan.object);
    return backfill && { from: null, until: backfill.before };
  }

  async #newest(task: ObjectTask, plan: ColumnPlan, whole: PlannedWindow): Promise<PlannedWindow> {
    const sourceRows = whole.sourceCount ?? 0;
    for (const before of newestBounds(whole.serverTime)) {
      const window = { ...whole.window, from: before };
      const sourceCount = await countWindow(task, plan, window);
      if (sourceCount !== undefined && isWorthReadingFirst(sourceCount, sourceRows)) return { ...whole, window, reach: 'newest', sourceCount, backfill: { before, sourceRows, asOf: whole.serverTime } };
    }
    return whole;
  }
}
