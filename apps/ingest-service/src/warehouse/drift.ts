import type { ColumnPlan, PlannedColumn } from '../describe/column-plan.ts';
import type { ColumnType } from '../describe/column-type.ts';

/** A field as the last describe had it. */
export interface KnownField {
  readonly field: string;
  readonly type: string;
  /** Whether its values were copied. */
  readonly isCopied: boolean;
}

/** What must happen to a table so that it holds the columns of a plan. */
export type ColumnChange =
  | { readonly kind: 'add'; readonly column: PlannedColumn }
  /** Every value of the old type is a value of the new one. */
  | { readonly kind: 'widen'; readonly column: PlannedColumn }
  /** The old column keeps its values under another name. */
  | { readonly kind: 'replace'; readonly column: PlannedColumn; readonly keptAs: string };

/** @param present columns of the table with their types */
export function columnChanges(plan: ColumnPlan, present: ReadonlyMap<string, ColumnType>): ColumnChange[] {
  return plan.columns.flatMap((column): ColumnChange[] => {
    const type = present.get(column.column);
    if (type === column.type) return [];
    if (type === undefined) return [{ kind: 'add', column }];
    if (column.type === 'text' || (type === 'bigint' && column.type === 'numeric')) return [{ kind: 'widen', column }];
    return [{ kind: 'replace', column, keptAs: freeName(`${column.column.slice(0, 40)}_was_${type}`, present) }];
  });
}

function freeName(wanted: string, present: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!present.has(name)) return name;
  }
}

/** What describe tells anew about an object's fields. */
export interface FieldDrift {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly retyped: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}

export function fieldDrift(known: readonly KnownField[], plan: ColumnPlan): FieldDrift {
  const before = new Map(known.map(({ field, type }) => [field, type]));
  const now = new Map([...plan.columns.map(({ describe }) => describe), ...plan.excluded.map(({ field }) => field)].map(({ name, type }) => [name, type]));
  return {
    added: [...now.keys()].filter((field) => !before.has(field)),
    removed: [...before.keys()].filter((field) => !now.has(field)),
    retyped: [...now].flatMap(([field, to]) => {
      const from = before.get(field);
      return from === undefined || from === to ? [] : [{ field, from, to }];
    }),
  };
}

/** Fields to copy that were not copied until now: new, chosen, shown again or there again. Rows that have not changed lack their values, or have old ones. */
export function newlyCopied(known: readonly KnownField[], plan: ColumnPlan): string[] {
  const before = new Set(known.filter(({ isCopied }) => isCopied).map(({ field }) => field));
  return plan.columns.map(({ field }) => field).filter((field) => !before.has(field));
}

export function hasDrift({ added, removed, retyped }: FieldDrift): boolean {
  return added.length + removed.length + retyped.length > 0;
}
