import type { FormulaColumn, FormulaState, Upkeep } from './formula-columns.store.ts';
import type { FormulaWatch } from './formula-watch.store.ts';
import { hopsOf, type Hop, type KnownColumns } from './parent-path.ts';

/** An object as it is copied now. */
export interface CopiedObject {
  readonly object: string;
  readonly table: string;
  readonly version: string;
  /** Null when the whole of it is read each time. */
  readonly cursorField: string | null;
  readonly asOf: Date | null;
  /** When all of its rows were last read with all columns; Salesforce's clock. */
  readonly readWholeAt: Date | null;
  readonly loadedAt: Date | null;
  readonly storedRows: number;
  readonly lastReceipt: string | null;
}

/** A calculated column and how it is kept. */
export interface PlannedFormula {
  readonly column: FormulaColumn;
  readonly upkeep: Upkeep;
  readonly because: string | null;
  readonly hops: readonly Hop[];
}

const dayMs = 24 * 60 * 60_000;

/** How each calculated column of an object is kept. A parent whose changes do not come in is as good as unknown. @param now Salesforce's clock */
export function planFormulas(columns: readonly FormulaColumn[], copied: ReadonlyMap<string, CopiedObject>, known: KnownColumns, now: Date): PlannedFormula[] {
  return columns.map((column) => {
    const ways = column.paths.map((path) => hopsOf(column.object, path, known));
    const hops = ways.flatMap((way) => (typeof way === 'string' ? [] : way)).filter(({ object }) => isFollowed(copied.get(object), now));
    if (column.depends === 'row' || copied.get(column.object)?.cursorField === null) return { column, upkeep: 'with its row', because: null, hops: [] };
    if (column.depends === 'unknown') return { column, upkeep: 'daily', because: column.because, hops };
    if (column.depends === 'clock') return { column, upkeep: 'daily', because: 'Its value changes with time.', hops };
    const hindrance = ways.find((way) => typeof way === 'string') ?? idleParent(ways, copied, now);
    return { column, upkeep: hindrance === undefined ? 'when a parent changes' : 'daily', because: hindrance ?? null, hops };
  });
}

function isFollowed(parent: CopiedObject | undefined, now: Date): boolean {
  return parent?.loadedAt != null && parent.asOf !== null && now.getTime() - parent.asOf.getTime() < dayMs;
}

function idleParent(ways: readonly (readonly Hop[] | string)[], copied: ReadonlyMap<string, CopiedObject>, now: Date): string | undefined {
  const idle = ways.flatMap((way) => (typeof way === 'string' ? [] : way)).find(({ object }) => !isFollowed(copied.get(object), now));
  return idle === undefined ? undefined : `${idle.object} has not been read for a day.`;
}

/** Salesforce's clock at the last reading of all formulas of an object, be it with its rows or alone. */
export function wholeReadAt({ wholeAt }: FormulaWatch, { readWholeAt }: CopiedObject): Date | null {
  return wholeAt === null || (readWholeAt !== null && readWholeAt > wholeAt) ? readWholeAt : wholeAt;
}

/** Why all formulas of an object are to be read now; undefined when they are not. */
export function wholeReadingDue(formulas: readonly PlannedFormula[], watch: FormulaWatch, object: CopiedObject, now: Date): string | undefined {
  const readAt = wholeReadAt(watch, object);
  if (watch.wholeDue) return 'The definition of a formula changed.';
  const moving = formulas.filter(({ upkeep }) => upkeep !== 'with its row');
  if (moving.length === 0) return undefined;
  if (readAt === null) return 'They were never read for their own sake.';
  const daily = moving.find(({ upkeep }) => upkeep === 'daily');
  return daily !== undefined && now.getTime() - readAt.getTime() >= dayMs ? `${daily.column.field} is read daily: ${daily.because ?? ''}` : undefined;
}

/** Objects are read at about the same time in a first run. */
const togetherMs = 60_000;

/** Why all formulas are to be read because an object began to be followed whose own formulas they are made of: what those showed before, nothing tells. @param isCalculated whether a hop ends at such a formula */
export function newFormulasOfParent(formulas: readonly PlannedFormula[], watch: FormulaWatch, object: CopiedObject, copied: ReadonlyMap<string, CopiedObject>, isCalculated: (hop: Hop) => boolean): string | undefined {
  const readAt = wholeReadAt(watch, object)?.getTime() ?? 0;
  const hop = formulas.flatMap(({ hops }) => hops).find((each) => watch.seen[each.object] === undefined && isCalculated(each) && (copied.get(each.object)?.asOf?.getTime() ?? 0) - readAt > togetherMs);
  return hop === undefined ? undefined : `${hop.object} is followed from now on.`;
}

/** What is told of an object's calculated columns once everything due has been read. @param told as-of of the calculated columns of parents */
export function statesOf(formulas: readonly PlannedFormula[], object: CopiedObject, wholeAt: Date | null, copied: ReadonlyMap<string, CopiedObject>, told: (object: string, column: string) => Date | null | undefined): FormulaState[] {
  return formulas.map(({ column: { field }, upkeep, because, hops }) => {
    if (upkeep === 'with its row') return { field, upkeep, because, asOf: object.asOf };
    if (upkeep === 'daily') return { field, upkeep, because, asOf: wholeAt };
    const parents = hops.flatMap((hop) => [copied.get(hop.object)?.asOf ?? null, ...ofFormula(told(hop.object, hop.column))]);
    return { field, upkeep, because, asOf: latest(wholeAt, earliest([object.asOf, ...parents])) };
  });
}

function ofFormula(asOf: Date | null | undefined): (Date | null)[] {
  return asOf === undefined ? [] : [asOf];
}

function earliest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((first, date) => (first === null || date === null ? null : date < first ? date : first));
}

function latest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** Objects with calculated columns, parents before those that are made from them; in a circle the order does not matter. */
export function parentsFirst(objects: ReadonlyMap<string, readonly PlannedFormula[]>): string[] {
  const order = new Set<string>();
  const visit = (object: string, below: ReadonlySet<string>): void => {
    const formulas = objects.get(object);
    if (formulas === undefined || order.has(object) || below.has(object)) return;
    for (const { hops } of formulas) for (const hop of hops) visit(hop.object, new Set([...below, object]));
    order.add(object);
  };
  for (const object of objects.keys()) visit(object, new Set());
  return [...order];
}

/**
 * Objects with calculated columns that are made of such columns of their own, or of an object that comes no earlier in the order: those of a tree of accounts.
 * Each further turn follows their formulas one step more. @returns them as often as there can be steps, in order
 */
export function furtherTurns(order: readonly string[], objects: ReadonlyMap<string, readonly PlannedFormula[]>): string[] {
  const isCalculated = ({ object, column }: Hop): boolean => objects.get(object)?.some((formula) => formula.column.column === column) === true;
  const circular = order.map((object, place) => [object, (objects.get(object) ?? []).filter(({ hops }) => hops.some((hop) => isCalculated(hop) && order.indexOf(hop.object) >= place)).length] as const).filter(([, steps]) => steps > 0);
  return Array.from({ length: circular.reduce((sum, [, steps]) => sum + steps, 0) }, () => circular.map(([object]) => object)).flat();
}
