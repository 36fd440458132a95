import { normalId } from '../org/record-id.ts';
import type { ObjectTable } from '../org/table.ts';
import type { FieldValue, Row } from '../org/value.ts';
import type { Comparison, Condition, Literal } from './ast.ts';
import { dateRange } from './date-ranges.ts';
import { filterField, type ResolvedField } from './resolve.ts';
import { atPlace, SoqlError } from './soql-error.ts';
import type { View } from './view.ts';

export type Predicate = (row: Row) => boolean;

export interface PredicateContext {
  readonly view: View;
  readonly table: ObjectTable;
  readonly soql: string;
  /** Such as `2026-11-20`, for date literals. */
  readonly today: string;
}

/** @throws SoqlError for unknown fields and values of a wrong type */
export function predicateOf(condition: Condition, context: PredicateContext): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => predicateOf(part, context));
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = condition.parts.map((part) => predicateOf(part, context));
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = predicateOf(condition.part, context);
      return (row) => !part(row);
    }
    case 'compare': {
      const field = filterField(context.view, context.table, condition.field, context.soql);
      for (const value of condition.values) requireType(field, value, condition.field.offset, context.soql);
      const test = comparisonOf(condition.comparison, field, condition.values, context.today);
      return (row) => test(field.get(row));
    }
  }
}

type Test = (value: FieldValue) => boolean;

function comparisonOf(comparison: Comparison, { field }: ResolvedField, values: readonly Literal[], today: string): Test {
  const first = values[0];
  if (first?.kind === 'range') return rangeTest(comparison, dateRange(first.name, today), field.type === 'datetime');
  const wanted = values.map((literal) => comparable(field.type, literalValue(field.type, literal)));
  const target = wanted[0] ?? null;
  const of: (value: FieldValue) => FieldValue = (value) => comparable(field.type, value);
  switch (comparison) {
    case '=': return (value) => of(value) === target;
    case '!=': return (value) => of(value) !== target;
    case '<': return (value) => value !== null && target !== null && less(of(value), target);
    case '<=': return (value) => value !== null && target !== null && !less(target, of(value));
    case '>': return (value) => value !== null && target !== null && less(target, of(value));
    case '>=': return (value) => value !== null && target !== null && !less(of(value), target);
    case 'LIKE': return likeTest(typeof target === 'string' ? target : '');
    case 'IN': {
      const set = new Set(wanted);
      return (value) => set.has(of(value));
    }
    case 'NOT IN': {
      const set = new Set(wanted);
      return (value) => !set.has(of(value));
    }
    case 'INCLUDES': return (value) => includes(value, wanted);
    case 'EXCLUDES': return (value) => !includes(value, wanted);
  }
}

function includes(value: FieldValue, wanted: readonly FieldValue[]): boolean {
  const parts = new Set(typeof value === 'string' ? value.toLowerCase().split(';') : []);
  return wanted.some((all) => typeof all === 'string' && all.split(';').every((part) => parts.has(part)));
}

function less(left: FieldValue, right: FieldValue): boolean {
  return left !== null && right !== null && left < right;
}

/** Text is compared without regard to case; ids, dates and instants as they are. */
function comparable(type: string, value: FieldValue): FieldValue {
  if (typeof value !== 'string' || type === 'id' || type === 'reference' || type === 'date' || type === 'datetime') return value;
  return value.toLowerCase();
}

function literalValue(type: string, literal: Literal): FieldValue {
  if (literal.kind === 'null' || literal.kind === 'range') return null;
  return literal.kind === 'string' && (type === 'id' || type === 'reference') ? normalId(literal.value) : literal.value;
}

function rangeTest(comparison: Comparison, range: { from: string; until: string }, isInstant: boolean): Test {
  const from = isInstant ? `${range.from}T00:00:00.000Z` : range.from;
  const until = isInstant ? `${range.until}T00:00:00.000Z` : range.until;
  const within = (value: FieldValue): boolean => typeof value === 'string' && value >= from && value < until;
  switch (comparison) {
    case '<': return (value) => typeof value === 'string' && value < from;
    case '<=': return (value) => typeof value === 'string' && value < until;
    case '>': return (value) => typeof value === 'string' && value >= until;
    case '>=': return (value) => typeof value === 'string' && value >= from;
    case '!=': return (value) => !within(value);
    default: return within;
  }
}

function likeTest(pattern: string): Test {
  const source = pattern.replace(/\\([%_])|([.*+?^${}()|[\]\\])|(%)|(_)/g, (_all, kept: string | undefined, special: string | undefined, many: string | undefined) => kept ?? (special === undefined ? (many === undefined ? '.' : '.*') : `\\${special}`));
  const matcher = new RegExp(`^${source}$`, 'is');
  return (value) => typeof value === 'string' && matcher.test(value);
}

const quotedTypes = new Set(['id', 'reference', 'string', 'textarea', 'picklist', 'multipicklist', 'email', 'phone', 'url', 'combobox', 'encryptedstring', 'anyType']);
const numberTypes = new Set(['int', 'long', 'double', 'currency', 'percent']);

function requireType({ field }: ResolvedField, literal: Literal, offset: number, soql: string): void {
  if (literal.kind === 'null') return;
  const wrong = (type: string, quotes: boolean): SoqlError =>
    new SoqlError('INVALID_FIELD', atPlace(soql, offset, `value of filter criterion for field '${field.name}' must be of type ${type} and should${quotes ? '' : ' not'} be enclosed in quotes`));
  if (quotedTypes.has(field.type) && literal.kind !== 'string') throw wrong(field.type === 'id' || field.type === 'reference' ? 'ID' : 'string', true);
  if (numberTypes.has(field.type) && literal.kind !== 'number') throw wrong(field.type === 'int' ? 'int' : 'double', false);
  if (field.type === 'boolean' && literal.kind !== 'boolean') throw wrong('boolean', false);
  if (field.type === 'date' && literal.kind !== 'date' && literal.kind !== 'range') throw wrong('date', false);
  if (field.type === 'datetime' && literal.kind !== 'datetime' && literal.kind !== 'range') throw wrong('dateTime', false);
}
