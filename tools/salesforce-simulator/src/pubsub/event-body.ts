import type { FieldDefinition } from '../org/definition.ts';
import type { FieldValue, Row } from '../org/value.ts';

type AvroValue = string | number | bigint | boolean | null;

/** Names of the fields that differ, in two groups: those with a new value, and those that were emptied. */
export function changedFieldsOf(before: Row | undefined, after: Row): { readonly changed: Set<string>; readonly nulled: Set<string> } {
  const differing = Object.keys(after).filter((name) => (before?.[name] ?? null) !== (after[name] ?? null));
  return { changed: new Set(differing), nulled: new Set(differing.filter((name) => before !== undefined && (after[name] ?? null) === null)) };
}

/** Only the named fields; instants and dates as milliseconds since 1970. */
export function eventBodyOf(fields: readonly FieldDefinition[], row: Row, names: ReadonlySet<string>): Record<string, AvroValue> {
  return Object.fromEntries(fields.filter(({ name }) => names.has(name)).map((field) => [field.name, avroValueOf(field, row[field.name] ?? null)]));
}

function avroValueOf({ type }: FieldDefinition, value: FieldValue): AvroValue {
  if (value === null) return null;
  switch (type) {
    case 'boolean': return value === true;
    case 'int': return Math.trunc(Number(value));
    case 'long': return BigInt(Math.trunc(Number(value)));
    case 'date': case 'datetime': return BigInt(Date.parse(String(value)));
    case 'double': case 'currency': case 'percent': return Number(value);
    default: return String(value);
  }
}
