import type { PlannedColumn } from '../describe/column-plan.ts';
import type { Slot } from '../warehouse/row-layout.ts';
import { copyNull, encoderOf } from './copy-value.ts';
import type { Substitutions } from './substitutions.ts';

/**
 * Turns rows of texts into lines of COPY's text format, without their line break; what does not fit its type becomes null and is counted.
 * @param slots where the columns, in their order, go
 */
export function rowEncoder(columns: readonly Pick<PlannedColumn, 'field' | 'type'>[], slots: readonly Pick<Slot, 'group'>[], prefix: string, substitutions: Substitutions): (row: readonly string[]) => string {
  const fields = columns.map(({ field, type }) => ({ encode: encoderOf(type), reason: `a value of ${field} is no ${type}` }));
  const value = (row: readonly string[], index: number): string => {
    const field = fields[index];
    const encoded = field?.encode(row[index] ?? '');
    if (encoded === undefined) substitutions.add(field?.reason ?? '');
    return encoded ?? copyNull;
  };
  return (row) => {
    let line = prefix;
    let index = 0;
    for (const { group } of slots) {
      if (index > 0) line += '\t';
      const begin = index;
      index += group?.columns.length ?? 1;
      line += group === undefined ? value(row, begin) : groupText(group.columns.map((_, offset) => value(row, begin + offset)));
    }
    return line;
  };
}

/** Values in COPY's text format as one of a composite type, in that format as well. */
function groupText(values: readonly string[]): string {
  if (values.every((value) => value === copyNull)) return copyNull;
  // What is special to the composite is doubled before COPY's own escape, which is there already: a backslash, which COPY writes as two, becomes four.
  return `(${values.map((value) => (value === copyNull ? '' : `"${value.replace(/\\(.)|"/g, (escaped, character) => (escaped === '"' ? '""' : character === '\\' ? '\\\\\\\\' : escaped))}"`)).join(',')})`;
}

const replaced = 'a character that cannot be stored was replaced';

/** A value of a REST answer as the text the same value has in CSV. */
export function recordText(value: unknown, substitutions: Substitutions): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return storable(value, substitutions);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return storable(JSON.stringify(value), substitutions);
}

function storable(text: string, substitutions: Substitutions): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  let count = 0;
  // PostgreSQL stores every character but NUL.
  const clean = text.toWellFormed().replace(/\0/g, () => (count++, ''));
  const lone = text.isWellFormed() ? 0 : clean.split('\uFFFD').length - text.split('\uFFFD').length;
  substitutions.add(replaced, count + Math.max(lone, 0));
  return clean;
}
