import type { ColumnPlan, PlannedColumn } from '../describe/column-plan.ts';
import type { ColumnType } from '../describe/column-type.ts';
import { picklistOf } from '../describe/picklist.ts';
import type { KnownField, KnownFields } from './field-catalogue.ts';
import { fateOf, isCustom, remadeFields, type FieldEvidence, type FieldFate } from './field-fate.ts';

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

/** A name that no column has. */
export function freeName(wanted: string, present: Pick<ReadonlySet<string>, 'has'>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!present.has(name)) return name;
  }
}

/** What is new about an object's fields. */
export interface FieldDrift {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** They are still there, and this user may not read them any more. */
  readonly hidden: readonly string[];
  /** Hidden or removed: nothing tells which. */
  readonly vanished: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly retyped: readonly { readonly field: string; readonly from: string; readonly to: string }[];
  readonly picklists: readonly { readonly field: string; readonly added: readonly string[]; readonly removed: readonly string[] }[];
  /** Removed and added again under the same name: their old values are not the new field's. */
  readonly remade: readonly string[];
  /** What became of each field that is not there now, as far as that is news. */
  readonly fates: ReadonlyMap<string, FieldFate>;
}

export function fieldDrift({ present, gone }: KnownFields, plan: ColumnPlan, evidence: FieldEvidence): FieldDrift {
  const before = new Map(present.map((field) => [field.field, field]));
  const now = new Map([...plan.columns.map(({ describe }) => describe), ...plan.excluded.map(({ field }) => field)].map((field) => [field.name, field]));
  const described = new Set(now.keys());
  const remade = remadeFields(present.filter(({ field }) => now.has(field)), evidence.ids);
  const lost = present.filter(({ field }) => !now.has(field)).map((field) => [field.field, fateOf(field, described, evidence)] as const);
  // What was lost earlier may be told more of today.
  const judged = gone.filter(({ field }) => !now.has(field)).map((field) => [field, fateOf(field, described, evidence)] as const)
    .filter(([{ fate }, { kind }]) => kind !== 'vanished' && kind !== fate).map(([{ field }, fate]) => [field, fate] as const);
  const fates = new Map([...lost, ...judged]);
  const of = (kind: FieldFate['kind']): string[] => [...fates].filter(([, fate]) => fate.kind === kind).map(([field]) => field);
  const renamed = [...fates].flatMap(([from, fate]) => (fate.kind === 'renamed' && !before.has(fate.to) ? [{ from, to: fate.to }] : []));
  return {
    added: [...[...now.keys()].filter((field) => !before.has(field) && !renamed.some(({ to }) => to === field)), ...remade],
    removed: [...of('removed'), ...remade],
    hidden: of('hidden'),
    vanished: of('vanished'),
    renamed,
    retyped: [...now].flatMap(([field, { type: to }]) => {
      const from = before.get(field)?.type;
      return from === undefined || from === to ? [] : [{ field, from, to }];
    }),
    picklists: [...now].flatMap(([field, describe]) => picklistDrift(field, before.get(field)?.picklist ?? null, picklistOf(describe))),
    remade,
    fates,
  };
}

function picklistDrift(field: string, before: readonly string[] | null, now: readonly string[] | null): FieldDrift['picklists'] {
  if (before === null || now === null) return [];
  const [added, removed] = [now.filter((value) => !before.includes(value)), before.filter((value) => !now.includes(value))];
  return added.length + removed.length === 0 ? [] : [{ field, added, removed }];
}

/** Fields to copy that were not copied until now: new, chosen, shown again or there again. Rows that have not changed lack their values, or have old ones. */
export function newlyCopied(present: readonly KnownField[], plan: ColumnPlan, { remade }: Pick<FieldDrift, 'remade'>): string[] {
  const before = new Set(present.filter(({ isCopied, field }) => isCopied && !remade.includes(field)).map(({ field }) => field));
  return plan.columns.map(({ field }) => field).filter((field) => !before.has(field));
}

/** Fields of which nobody knew the id that is told now: whether they are still those whose values were read is not known. */
export function unproven(present: readonly KnownField[], { columns }: ColumnPlan, { ids }: FieldEvidence): string[] {
  const unknown = new Set(present.filter(({ isCopied, durableId }) => isCopied && durableId === null).map(({ field }) => field));
  return columns.map(({ field }) => field).filter((field) => isCustom(field) && unknown.has(field) && ids.has(field));
}

export function hasDrift({ added, removed, hidden, vanished, renamed, retyped, picklists }: FieldDrift): boolean {
  return [added, removed, hidden, vanished, renamed, retyped, picklists].some(({ length }) => length > 0);
}
