import type { Sql } from '../sql.ts';
import type { FormulasRead } from './commit-formulas.ts';
import { readCopiedObjects, readKnownColumns } from './copied-objects.ts';
import { readFormulaColumns, type FormulaColumn, type FormulaState } from './formula-columns.store.ts';
import { furtherTurns, newFormulasOfParent, parentsFirst, planFormulas, statesOf, wholeReadingDue, type CopiedObject, type PlannedFormula } from './formula-plan.ts';
import { nothingWatched, readFormulaWatches, type FormulaWatch } from './formula-watch.store.ts';

/** Where a scene is read. */
export interface ScenePlace {
  readonly sql: Sql;
  readonly schema: string;
  readonly connectionId: string;
}

/** The calculated columns of a run's objects and what they are made of, as the warehouse has it now. */
export class FormulaScene {
  /** As-of of calculated columns by object and column, told in this run or before. */
  readonly #asOf = new Map<string, Date | null>();

  private constructor(
    private readonly place: ScenePlace,
    private readonly plans: ReadonlyMap<string, readonly PlannedFormula[]>,
    private copied: ReadonlyMap<string, CopiedObject>,
    private readonly watches: Map<string, FormulaWatch>,
    columns: readonly FormulaColumn[],
  ) {
    for (const { object, column, asOf } of columns) this.#asOf.set(`${object}.${column}`, asOf);
  }

  /** @returns undefined when no object has calculated columns @param now Salesforce's clock */
  static async load(place: ScenePlace, objects: readonly string[], now: () => Date): Promise<FormulaScene | undefined> {
    const { sql, schema, connectionId } = place;
    const columns = await readFormulaColumns(sql, schema);
    const names = new Set(objects);
    const own = columns.filter(({ object }) => names.has(object));
    if (own.length === 0) return undefined;
    const [copied, known, watches] = [await readCopiedObjects(sql, schema), await readKnownColumns(sql, schema, own.flatMap(({ paths }) => paths)), await readFormulaWatches(sql, connectionId, objects)];
    const plans = new Map([...Map.groupBy(own, ({ object }) => object)].map(([object, of]) => [object, planFormulas(of, copied, known, now())]));
    return new FormulaScene(place, plans, copied, new Map(watches), columns);
  }

  /** Objects with calculated columns, parents first; those whose formulas go in a circle come again, until all steps are followed. */
  get turns(): string[] {
    const order = parentsFirst(this.plans);
    return [...order, ...furtherTurns(order, this.plans)];
  }

  formulas(object: string): readonly PlannedFormula[] {
    return this.plans.get(object) ?? [];
  }

  /** @throws Error for an object that is not copied */
  object(name: string): CopiedObject {
    const found = this.copied.get(name);
    if (found === undefined) throw new Error(`no bookkeeping row for ${name}`);
    return found;
  }

  get all(): ReadonlyMap<string, CopiedObject> {
    return this.copied;
  }

  watch(object: string): FormulaWatch {
    return this.watches.get(object) ?? nothingWatched;
  }

  /** Why all formulas of an object are to be read; undefined when they are not. @param now Salesforce's clock */
  wholeReadingDue(object: string, now: Date): string | undefined {
    const [formulas, watch, copied] = [this.formulas(object), this.watch(object), this.object(object)];
    return wholeReadingDue(formulas, watch, copied, now) ?? newFormulasOfParent(formulas, watch, copied, this.copied, (hop) => this.#asOf.has(`${hop.object}.${hop.column}`));
  }

  /** Versions of an object's parents that are in the warehouse now. */
  versionsOfParents(object: string): Record<string, string> {
    const parents = new Set(this.formulas(object).flatMap(({ hops }) => hops.map((hop) => hop.object)));
    return Object.fromEntries([...parents].flatMap((parent) => [[parent, this.copied.get(parent)?.version ?? '0']]));
  }

  /** What is to be told of an object's columns when all is read. @param wholeAt when all of its formulas were last read */
  states(object: string, wholeAt: Date | null): FormulaState[] {
    return statesOf(this.formulas(object), this.object(object), wholeAt, this.copied, (parent, column) => this.#asOf.get(`${parent}.${column}`));
  }

  /** What is known of an object was kept: objects further down are made of it, and of the rows as they are now. */
  async told(object: string, { watch, states }: FormulasRead, hasNewRows: boolean): Promise<void> {
    this.watches.set(object, watch);
    const columns = new Map(this.formulas(object).map(({ column: { field, column } }) => [field, column]));
    for (const { field, asOf } of states) this.#asOf.set(`${object}.${columns.get(field) ?? ''}`, asOf);
    if (hasNewRows) this.copied = await readCopiedObjects(this.place.sql, this.place.schema);
  }
}
