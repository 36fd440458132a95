import { InvalidInput } from '@tributary/failures';
import { planColumns, withinBounds, type ColumnPlan } from './column-plan.ts';
import type { Description } from './descriptions.store.ts';
import { mostColumns, type RowBounds } from './row-bounds.ts';

/** @throws InvalidInput `OBJECT_WITHOUT_ID`, `TOO_MANY_FIELDS` */
export function requirePlan({ describe, held }: Pick<Description, 'describe' | 'held'>, fields: readonly string[] | null, bounds: RowBounds): ColumnPlan {
  const plan = planColumns(describe, fields, held);
  if (plan === undefined) throw new InvalidInput('OBJECT_WITHOUT_ID', `${describe.name} has no Id by which its rows could be told apart.`);
  if (plan.columns.length > mostColumns) throw new InvalidInput('TOO_MANY_FIELDS', `${describe.name} has ${plan.columns.length} fields to copy, and a table holds ${mostColumns}: choose fewer of them.`);
  return withinBounds(plan, bounds);
}
