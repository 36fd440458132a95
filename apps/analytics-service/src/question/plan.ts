import type { TimeGrain } from '@tributary/api-contracts';
import type { Day } from '../calendar/dates.ts';
import type { FiscalCalendar } from '../calendar/fiscal-year.ts';
import type { ResolvedPeriod } from '../calendar/period.ts';
import type { Zone } from '../calendar/zone.ts';
import type { Metric } from '../metric/metric.ts';
import type { Field } from '../warehouse/catalogue.ts';

/** Where a field is read: the deal itself, or one hop away. */
export type Source = 'opportunity' | 'account' | 'owner';

/** A field found in the catalogue: the only way an identifier gets into SQL. */
export interface FieldRef {
  readonly source: Source;
  readonly field: Field;
}

/** Copied tables and columns the SQL may name; null where the org lacks them. */
export interface Tables {
  readonly opportunity: string;
  readonly account: { readonly table: string; readonly name: Field | null } | null;
  readonly user: { readonly table: string; readonly name: Field | null; readonly isActive: Field | null } | null;
  readonly stage: { readonly table: string; readonly apiName: Field; readonly sortOrder: Field } | null;
}

export type Dimension =
  | { readonly kind: 'field'; readonly key: string; readonly label: string; readonly ref: FieldRef; readonly people: 'owner' | 'account' | null; readonly order: 'stage' | 'forecast_category' | null }
  /** Buckets of the metric's own time field; the value is the first day. */
  | { readonly kind: 'time'; readonly key: string; readonly label: string; readonly grain: TimeGrain };

/** A condition with typed values; negation also matches empty fields, as in SOQL. */
export type Test =
  | { readonly is: 'all' | 'any'; readonly of: readonly Test[] }
  | { readonly is: 'not'; readonly of: Test }
  | { readonly is: 'empty'; readonly ref: FieldRef }
  | { readonly is: 'compare'; readonly ref: FieldRef; readonly op: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'; readonly value: string }
  | { readonly is: 'among'; readonly ref: FieldRef; readonly values: readonly string[] }
  | { readonly is: 'text'; readonly ref: FieldRef; readonly op: 'contains' | 'starts_with'; readonly value: string }
  /** The bucket of the metric's time field starts on the day; null for no bucket. */
  | { readonly is: 'bucket'; readonly grain: TimeGrain; readonly from: Day | null };

export type Order =
  | { readonly by: 'dimension'; readonly index: number; readonly dir: 'asc' | 'desc' }
  | { readonly by: 'metric'; readonly index: number; readonly part: 'value' | 'n' | 'd'; readonly dir: 'asc' | 'desc' };

/** A validated question: everything in it exists, is typed and absolute. Both engines compile the same plan. */
export interface Plan {
  readonly metrics: readonly Metric[];
  /** The time grain first, when there is one. */
  readonly dimensions: readonly Dimension[];
  readonly tests: readonly Test[];
  readonly period: ResolvedPeriod | null;
  readonly order: readonly Order[];
  readonly limit: number;
  readonly today: Day;
  readonly zone: Zone;
  readonly fiscal: FiscalCalendar;
  readonly tables: Tables;
  /** Columns of Opportunity by lower-case API name. */
  readonly opportunity: ReadonlyMap<string, Field>;
  /** Digits of money. */
  readonly moneyScale: number;
}

/** The column of a field of Opportunity that a validated metric reads. */
export function columnOf(plan: Plan, name: string): Field {
  const field = plan.opportunity.get(name.toLowerCase());
  if (field === undefined) throw new RangeError(`Opportunity.${name} is not in the plan`);
  return field;
}

/** Tables whose columns a plan groups or filters by. */
export function sourcesOf(plan: Pick<Plan, 'dimensions' | 'tests'>): ReadonlySet<Source> {
  return new Set([...plan.dimensions.flatMap((dimension) => (dimension.kind === 'field' ? [dimension.ref.source] : [])), ...plan.tests.flatMap(sourcesOfTest)]);
}

function sourcesOfTest(test: Test): readonly Source[] {
  switch (test.is) {
    case 'all':
    case 'any':
      return test.of.flatMap(sourcesOfTest);
    case 'not':
      return sourcesOfTest(test.of);
    case 'bucket':
      return [];
    default:
      return [test.ref.source];
  }
}
