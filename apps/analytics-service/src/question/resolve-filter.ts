import type { Condition, Filter, TimeGrain } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { addDays, type Day } from '../calendar/dates.ts';
import { fiscalSpan, fiscalStart, type FiscalCalendar, type FiscalUnit } from '../calendar/fiscal-year.ts';
import { startOfDay, type Zone } from '../calendar/zone.ts';
import type { FieldRef, Test } from './plan.ts';
import { isDay, typedValue } from './typed-value.ts';

/** What turns names and days into something absolute. */
export interface FilterContext {
  /** The field a name means, or the grain of a bucket of time. */
  resolve(key: string): FieldRef | TimeGrain;
  readonly zone: Zone;
  readonly fiscal: FiscalCalendar;
  readonly today: Day;
}

const maxNodes = 200;

/**
 * Filters as typed tests over known fields.
 * @throws InvalidInput `query.too_many_filters`, `query.value_invalid`, `query.unknown_field`, `query.incompatible_dimension`
 */
export function resolveFilters(filters: readonly Filter[], context: FilterContext): readonly Test[] {
  if (filters.reduce((sum, filter) => sum + sizeOf(filter), 0) > maxNodes) throw new InvalidInput('query.too_many_filters', `A question may hold at most ${maxNodes} conditions.`);
  return filters.map((filter) => resolve(filter, context));
}

function sizeOf(filter: Filter): number {
  if ('any' in filter) return filter.any.reduce((sum, part) => sum + sizeOf(part), 1);
  if ('all' in filter) return filter.all.reduce((sum, part) => sum + sizeOf(part), 1);
  return 'not' in filter ? 1 + sizeOf(filter.not) : 1;
}

function resolve(filter: Filter, context: FilterContext): Test {
  if ('any' in filter) return { is: 'any', of: filter.any.map((part) => resolve(part, context)) };
  if ('all' in filter) return { is: 'all', of: filter.all.map((part) => resolve(part, context)) };
  if ('not' in filter) return { is: 'not', of: resolve(filter.not, context) };
  const target = context.resolve(filter.field);
  return typeof target === 'string' ? bucketTest(filter, target, context) : fieldTest(filter, target, context.zone);
}

function fieldTest(condition: Condition, ref: FieldRef, zone: Zone): Test {
  switch (condition.op) {
    case 'is_null':
      return { is: 'empty', ref };
    case 'not_null':
      return not({ is: 'empty', ref });
    case 'eq':
      return equalTo(ref, condition.value, zone);
    case 'neq':
      return not(equalTo(ref, condition.value, zone));
    case 'in':
      return among(ref, listOf(condition), zone);
    case 'nin':
      return not(among(ref, listOf(condition), zone));
    case 'between': {
      const [low, high] = listOf(condition);
      return { is: 'all', of: [compare(ref, 'gte', low, zone), compare(ref, 'lte', high, zone)] };
    }
    case 'contains':
    case 'starts_with':
      return textTest(ref, condition.op, condition.value);
    default:
      return compare(ref, condition.op, condition.value, zone);
  }
}

function not(of: Test): Test {
  return { is: 'not', of };
}

function equalTo(ref: FieldRef, value: unknown, zone: Zone): Test {
  if (value === null || value === undefined) return { is: 'empty', ref };
  const text = typedValue(ref.field, value);
  if (ref.field.columnType === 'timestamptz' && isDay(text)) return { is: 'all', of: [compare(ref, 'gte', text, zone), compare(ref, 'lte', text, zone)] };
  return { is: 'compare', ref, op: 'eq', value: instantText(ref, text) };
}

function among(ref: FieldRef, values: readonly unknown[], zone: Zone): Test {
  if (ref.field.columnType === 'timestamptz') return { is: 'any', of: values.map((value) => equalTo(ref, value, zone)) };
  const present = values.filter((value) => value !== null);
  const found: Test = { is: 'among', ref, values: present.map((value) => typedValue(ref.field, value)) };
  return present.length === values.length ? found : { is: 'any', of: [found, { is: 'empty', ref }] };
}

/** Days compare with datetimes as whole local days. */
function compare(ref: FieldRef, op: 'lt' | 'lte' | 'gt' | 'gte', value: unknown, zone: Zone): Test {
  if (ref.field.columnType === 'boolean') throw new InvalidInput('query.value_invalid', `${ref.field.object}.${ref.field.name} has no order.`, { details: { object: ref.field.object, field: ref.field.name } });
  const text = typedValue(ref.field, value);
  if (ref.field.columnType !== 'timestamptz' || !isDay(text)) return { is: 'compare', ref, op, value: instantText(ref, text) };
  const [day, comparison] = op === 'lte' ? [addDays(text, 1), 'lt'] as const : op === 'gt' ? [addDays(text, 1), 'gte'] as const : [text, op] as const;
  return { is: 'compare', ref, op: comparison, value: startOfDay(day, zone).toISOString() };
}

/** Instants as UTC with milliseconds, whatever offset they were written with. */
function instantText(ref: FieldRef, text: string): string {
  return ref.field.columnType === 'timestamptz' ? new Date(text).toISOString() : text;
}

function textTest(ref: FieldRef, op: 'contains' | 'starts_with', value: unknown): Test {
  if (ref.field.columnType !== 'text' || typeof value !== 'string' || value === '') {
    throw new InvalidInput('query.value_invalid', `${op} needs a text field and a text.`, { details: { object: ref.field.object, field: ref.field.name } });
  }
  return { is: 'text', ref, op, value: typedValue(ref.field, value) };
}

function listOf({ field, op, value }: Condition): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && (op !== 'between' || value.length === 2)) return value;
  throw new InvalidInput('query.value_invalid', `The condition ${op} on ${field} needs ${op === 'between' ? 'a list of two values' : 'a list'}.`, { details: { field } });
}

function bucketTest(condition: Condition, grain: TimeGrain, context: FilterContext): Test {
  const unit: FiscalUnit = grain === 'fiscal_quarter' ? 'quarter' : 'year';
  const one = (value: unknown): Test => ({ is: 'bucket', grain, from: value === null || value === undefined ? null : bucketStart(unit, value, condition, context) });
  switch (condition.op) {
    case 'eq':
      return one(condition.value);
    case 'neq':
      return not(one(condition.value));
    case 'in':
      return { is: 'any', of: listOf(condition).map(one) };
    case 'nin':
      return not({ is: 'any', of: listOf(condition).map(one) });
    case 'is_null':
      return one(null);
    case 'not_null':
      return not(one(null));
    default:
      throw new InvalidInput('query.value_invalid', `${condition.field} takes eq, neq, in and nin; use a period for ranges.`, { details: { field: condition.field } });
  }
}

/** A bucket is named by its label or by its first day. */
function bucketStart(unit: FiscalUnit, value: unknown, { field }: Condition, { fiscal, today }: FilterContext): Day {
  const text = typeof value === 'string' ? value : '';
  const from = isDay(text) ? fiscalSpan(fiscal, unit, text)?.from : fiscalStart(fiscal, unit, text, today);
  if (from !== undefined) return from;
  throw new InvalidInput('query.value_invalid', `${field} takes a label such as ${unit === 'quarter' ? 'FY27 Q1' : 'FY27'}, or its first day.`, { details: { field } });
}
