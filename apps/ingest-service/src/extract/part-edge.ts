import type { ColumnPlan } from '../describe/column-plan.ts';
import { isTooMuch } from './fallback.ts';
import type { ObjectTask } from './object-task.ts';
import type { Part } from './part.ts';
import { soqlOf } from './window-soql.ts';

/** The least or greatest value a field has in a part; undefined when there is none or Salesforce cannot tell. */
export async function edgeOf({ org }: ObjectTask, plan: ColumnPlan, part: Part, field: string, direction: 'ASC' | 'DESC' = 'ASC'): Promise<string | undefined> {
  const soql = soqlOf(plan, part, [field]);
  try {
    for await (const { records } of org.data.queryAll(`${soql} ORDER BY ${field} ${direction} LIMIT 1`)) {
      const value = records[0]?.[field];
      return typeof value === 'string' ? value : undefined;
    }
  } catch (error) {
    if (!isTooMuch(error)) throw error;
  }
  return undefined;
}
