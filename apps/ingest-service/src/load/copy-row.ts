import type { PlannedColumn } from '../describe/column-plan.ts';
import { copyNull, encoderOf } from './copy-value.ts';
import type { Substitutions } from './substitutions.ts';

/** Turns rows of texts into lines of COPY's text format, without their line break; what does not fit its type becomes null and is counted. */
export function rowEncoder(columns: readonly Pick<PlannedColumn, 'field' | 'type'>[], prefix: string, substitutions: Substitutions): (row: readonly string[]) => string {
  const fields = columns.map(({ field, type }) => ({ encode: encoderOf(type), reason: `a value of ${field} is no ${type}` }));
  return (row) => {
    let line = prefix;
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index];
      const encoded = field?.encode(row[index] ?? '');
      if (encoded === undefined) substitutions.add(field?.reason ?? '');
      line += index === 0 ? '' : '\t';
      line += encoded ?? copyNull;
    }
    return line;
  };
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
