import { SalesforceCallFailure } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { ObjectTask } from './object-task.ts';
import type { Part } from './part.ts';
import type { Window } from './window-plan.ts';
import { countSoqlOf } from './window-soql.ts';

/** Some objects answer no aggregate, others only after minutes. */
const uncountable: ReadonlySet<string> = new Set(['our-fault', 'use-other-api', 'split-window']);

/** Rows a window or a part of one has at the source; undefined when the object cannot be counted. */
export async function countWindow(task: ObjectTask, plan: ColumnPlan, window: Window & Partial<Part>): Promise<number | undefined> {
  try {
    return (await task.org.data.count(countSoqlOf(plan, window))).count;
  } catch (error) {
    if (error instanceof SalesforceCallFailure && uncountable.has(error.reaction)) return undefined;
    throw error;
  }
}
