import type { SqlPool } from '@tributary/persistence';
import type { Row } from '@tributary/salesforce-simulator';
import { quoted } from '../sql.ts';
import { firstDifference, type ComparedColumn, type StoredRow } from './comparison.harness.ts';
import type { ModelObject } from './model-object.harness.ts';
import type { ModelOrg } from './model-org.harness.ts';
import { ModelBroken } from './runs.harness.ts';

/** What the warehouse says of one object. */
export interface ObjectState {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly as_of: Date | null;
  readonly reread: boolean;
  readonly version: string;
  readonly stored_rows: string;
  readonly tombstones: string;
}

/** How an object is compared. */
export interface Comparing {
  readonly when: string;
  /** Rows that need not be equal yet. */
  readonly excused: (id: string, purged: boolean) => boolean;
  /** Parents of whose changes formulas need not know yet, besides. */
  readonly isFormulaExcused?: (id: string) => boolean;
  /** Formulas are compared that are told to be as of this instant or later, by Salesforce's clock. */
  readonly formulasSinceMs: number;
}

/** Compares the warehouse of a connection with its org. */
export class WarehouseWatch {
  constructor(
    private readonly pool: SqlPool,
    private readonly schema: string,
    private readonly connectionId: string,
    private readonly model: ModelOrg,
  ) {}

  /** By object; none before the first run got so far. */
  async states(): Promise<Map<string, ObjectState>> {
    const { rows: [found] } = await this.pool.query<{ name: string | null }>('select to_regclass($1)::text as name', [`${quoted(this.schema)}.sync_object`]);
    if (found?.name == null) return new Map();
    const { rows } = await this.pool.query<ObjectState>(`select object, as_of, reread, version, stored_rows, tombstones from ${quoted(this.schema)}.sync_object`);
    return new Map(rows.map((row) => [row.object, row]));
  }

  /** Of what instant each formula of an object is told to be; null for none. */
  async formulasAsOf(name: string): Promise<Map<string, Date | null>> {
    const { rows } = await this.pool.query<{ field: string; as_of: Date | null }>(`select field, as_of from ${quoted(this.schema)}.formula_column where object = $1`, [name]);
    return new Map(rows.map(({ field, as_of: asOf }) => [field, asOf]));
  }

  /** Whether all formulas of an object are told to be as of an instant or later. */
  async followsFormulas(object: ModelObject, sinceMs: number): Promise<boolean> {
    const asOf = await this.formulasAsOf(object.plan.name);
    return object.formulas.every(({ name }) => (asOf.get(name)?.getTime() ?? 0) >= sinceMs);
  }

  /** @throws ModelBroken naming the first row and field that differ */
  async requireEqual(object: ModelObject, { when, excused, isFormulaExcused = () => false, formulasSinceMs }: Comparing): Promise<void> {
    const { name } = object.plan;
    const { rows: columns } = await this.pool.query<ComparedColumn & { [column: string]: unknown }>(
      `select field, column_name as column, column_type as type from ${quoted(this.schema)}.field_catalogue where object = $1 and seen_until is null and column_name is not null order by position`, [name]);
    const [known, visible] = [columns.map(({ field }) => field).toSorted().join(), (await this.#copiedFields(object)).toSorted().join()];
    if (known !== visible) throw new ModelBroken(`${when}, the warehouse has the fields ${known} of ${name} but Salesforce shows ${visible}`);
    const { rows } = await this.pool.query<{ row: StoredRow }>(`select to_jsonb(t) as row from ${quoted(this.schema)}.${name.toLowerCase()} t`);
    const stored = rows.map(({ row }) => row);
    const asOf = await this.formulasAsOf(name);
    const behind = new Set(object.formulas.map((formula) => formula.name).filter((formula) => (asOf.get(formula)?.getTime() ?? 0) < formulasSinceMs));
    const difference = firstDifference({ source: this.#source(object, stored, (id, purged) => excused(id, purged) || isFormulaExcused(id)), stored, columns: columns.filter(({ field }) => !behind.has(field)), excused: (id, row) => excused(id, row === undefined) });
    if (difference !== undefined) throw new ModelBroken(`${when}, ${difference}`);
  }

  /** Counts kept beside the rows say the same as the rows. */
  async requireCounts(name: string, { stored_rows: stored, tombstones }: ObjectState): Promise<void> {
    const { rows: [row] } = await this.pool.query<{ rows: string; deleted: string }>(`select count(*) as rows, count(*) filter (where _deleted) as deleted from ${quoted(this.schema)}.${name.toLowerCase()}`);
    if (row?.rows !== stored || row.deleted !== tombstones) throw new ModelBroken(`${row?.rows} rows of ${name} with ${row?.deleted} deleted ones are said to be ${stored} with ${tombstones}`);
  }

  /** Those that can be seen, but for new ones that wait for a decision. */
  async #copiedFields(object: ModelObject): Promise<string[]> {
    const { rows } = await this.pool.query<{ field: string }>(`select field from new_field where connection_id = $1 and object = $2 and decision <> 'copy'`, [this.connectionId, object.plan.name]);
    const held = new Set(rows.map(({ field }) => field));
    return object.visibleFields.filter((field) => !held.has(field));
  }

  /** Rows with what their formulas show; one whose parents need not be known yet may show what it showed. */
  #source(object: ModelObject, stored: readonly StoredRow[], excused: Comparing['excused']): Row[] {
    const shown = new Map(stored.map((row) => [row['id'], row]));
    return object.rows.map((row) => ({ ...row, ...Object.fromEntries(object.formulas.map(({ name, hops }) => {
      const isExcused = this.#parents(row, hops).some((id) => excused(id, this.model.row(id) === undefined));
      return [name, isExcused ? textOf(shown.get(row['Id'])?.[name.toLowerCase()]) : object.shown(String(row['Id']), name)];
    })) }));
  }

  #parents(row: Row, hops: number): string[] {
    const id = row['Parent__c'];
    if (typeof id !== 'string') return [];
    const parent = hops > 1 ? this.model.row(id) : undefined;
    return [id, ...(parent === undefined ? [] : this.#parents(parent, hops - 1))];
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
