import type { TimeGrain } from '@tributary/api-contracts';
import { fiscalLabel } from '../calendar/fiscal-year.ts';
import { calendarLabel } from '../calendar/period.ts';
import { canonical } from '../exactness/decimal.ts';
import type { Dimension, Plan } from '../question/plan.ts';
import type { EngineRow } from './finish-metric.ts';

/** A dimension's value as the answer shows it: the same text whichever engine gave it. */
export function dimensionValue(dimension: Dimension, value: string | null): string | null {
  if (value === null || dimension.kind === 'time') return value;
  return dimension.ref.field.columnType === 'numeric' ? canonical(value) : value;
}

/** Whether the value is not what people read. */
export function hasLabel(dimension: Dimension): boolean {
  return dimension.kind === 'time' || dimension.people !== null || dimension.order === 'forecast_category';
}

/** What people read for a value. */
export function dimensionLabel(dimension: Dimension, index: number, row: EngineRow, plan: Plan): string | null {
  const value = row[`d${index}`] ?? null;
  if (value === null) return null;
  if (dimension.kind === 'time') return bucketLabel(dimension.grain, value, plan);
  if (dimension.order === 'forecast_category') return categoryLabels[value] ?? value;
  const name = row[`l${index}`] ?? value;
  return row[`x${index}`] === 'false' ? `${name} (inactive)` : name;
}

/** The screen's "Commit" is the API's `Forecast`. */
const categoryLabels: Readonly<Record<string, string>> = {
  Pipeline: 'Pipeline', BestCase: 'Best Case', MostLikely: 'Most Likely', Forecast: 'Commit', Closed: 'Closed', Omitted: 'Omitted',
};

function bucketLabel(grain: TimeGrain, from: string, { fiscal }: Plan): string {
  switch (grain) {
    case 'day':
    case 'week':
      return from;
    case 'month':
    case 'quarter':
    case 'year':
      return calendarLabel(from, grain);
    case 'fiscal_month':
      return fiscalLabel(fiscal, 'month', from);
    case 'fiscal_quarter':
      return fiscalLabel(fiscal, 'quarter', from);
    case 'fiscal_year':
      return fiscalLabel(fiscal, 'year', from);
    default:
      return grain satisfies never;
  }
}
