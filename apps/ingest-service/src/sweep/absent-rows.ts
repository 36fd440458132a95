import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { stageName } from '../load/stage.ts';
import { one, quoted } from '../sql.ts';
import { qualified } from '../warehouse/warehouse-table.ts';
import { findHeldDeletions } from './held-deletions.store.ts';
import { absentAtSource, judgeMissing } from './missing-rows.ts';

/** Rows of the warehouse that a reading of the whole object did not bring. */
export interface Absence {
  /** Gone at Salesforce as well. */
  readonly gone: readonly string[];
  /** So many at once that a lost permission is likelier. */
  readonly suspected: readonly string[];
  /** Rows in the warehouse, deleted ones not counted. */
  readonly storedRows: number;
}

@Injectable()
export class AbsentRows {
  constructor(private readonly pool: SqlPool) {}

  /** Judges what a staged reading of a whole object lacks. Rows believed to be gone are asked for once more, each by its Id. */
  async execute(task: ObjectTask, plan: ColumnPlan, job: ExtractJob): Promise<Absence> {
    const table = qualified(task.schema, plan.table);
    const missing = await this.pool.query<{ id: string }>(
      `select t.id from ${table} t where not t._deleted and not exists (select from ${quoted(stageName(job.connectionId, job.object))} s where s.id = t.id)`);
    if (missing.rows.length === 0) return { gone: [], suspected: [], storedRows: 0 };
    const storedRows = Number(one(await this.pool.query<{ count: string }>(`select count(*) as count from ${table} where not _deleted`)).count);
    const held = await findHeldDeletions(this.pool, job.connectionId, plan.object);
    const { believed, suspected } = judgeMissing(missing.rows.map(({ id }) => id), storedRows, held);
    return { gone: await absentAtSource(task, plan.object, believed), suspected, storedRows };
  }
}
