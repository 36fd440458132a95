import { countSoql, selectSoql, type SoqlIds, type SoqlWindow } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { Part } from './part.ts';
import type { Window } from './window-plan.ts';

/** API names in the order in which they are asked for. */
export function fieldsOf(plan: ColumnPlan): string[] {
  return plan.columns.map(({ field }) => field);
}

/** The bounds of a window, as SOQL wants them; undefined for an object that is read whole. */
export function soqlWindow({ cursor }: ColumnPlan, { from, until }: Window): SoqlWindow | undefined {
  return cursor === undefined ? undefined : { field: cursor.field, from: from ?? undefined, until: until ?? undefined };
}

/** The query over a window or a part of one. */
export function soqlOf(plan: ColumnPlan, part: Window & Partial<Part>, fields: readonly string[] = fieldsOf(plan)): string {
  return selectSoql(plan.object, fields, soqlWindow(plan, part), soqlIds(part));
}

/** The query that counts a window or a part of one. */
export function countSoqlOf(plan: ColumnPlan, part: Window & Partial<Part>): string {
  return countSoql(plan.object, soqlWindow(plan, part), soqlIds(part));
}

/** The bounds of the Id of a part, as SOQL wants them. */
export function soqlIds({ idFrom, idBefore }: Partial<Part>): SoqlIds {
  return { from: idFrom ?? undefined, before: idBefore ?? undefined };
}
