import type { SqlPool } from '@tributary/persistence';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ExtractJob } from '../extract/extract-job.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { countWindow } from '../extract/count-window.ts';
import { quoted } from '../sql.ts';
import { needsRecount } from './receipt.ts';

/** Rows a staged window has at the source after it was read; null when nothing asks for a second count, or none is given. */
export async function recountWindow(pool: SqlPool, task: ObjectTask, plan: ColumnPlan, job: ExtractJob, stage: string): Promise<number | null> {
  // Between two pages by REST a row may have moved behind both, so that as many rows may be too few.
  const mayBeTwice = job.api === 'rest' && job.pages > 1;
  if (!mayBeTwice && !needsRecount(job.sourceCount, job.parsed)) return null;
  const { rows } = await pool.query<{ ids: string }>(`select count(distinct id) as ids from ${quoted(stage)}`);
  if (!needsRecount(job.sourceCount, Number(rows[0]?.ids ?? 0))) return null;
  return (await countWindow(task, plan, job.window)) ?? null;
}
