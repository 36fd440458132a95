import type { FieldDefinition } from '../org/definition.ts';
import type { FieldValue, Row } from '../org/value.ts';
import type { QueryPlan } from '../soql/plan.ts';
import type { ResolvedField } from '../soql/resolve.ts';

/** Makes records of a query's rows as REST gives them: nested parents, `+0000` instants, compound addresses. */
export function recordMaker({ fields, table }: QueryPlan, version: string, typeOf: (id: string) => string): (row: Row) => Record<string, unknown> {
  return (row) => {
    const record: Record<string, unknown> = { attributes: attributes(table.definition.name, row['Id'], version) };
    for (const field of fields) place(record, field, row, version, typeOf);
    return record;
  };
}

function attributes(type: string, id: FieldValue | undefined, version: string): Record<string, string> {
  return { type, url: `/services/data/v${version}/sobjects/${type}/${String(id)}` };
}

function place(record: Record<string, unknown>, resolved: ResolvedField, row: Row, version: string, typeOf: (id: string) => string): void {
  let target = record;
  let owner = row;
  for (const [depth, parent] of resolved.parents.entries()) {
    const parentRow = resolved.parentRows[depth]?.(row);
    if (parentRow === undefined) {
      target[parent] ??= null;
      return;
    }
    const existing = target[parent];
    owner = parentRow;
    const id = String(owner['Id']);
    const next = isRecord(existing) ? existing : { attributes: attributes(typeOf(id), id, version) };
    target[parent] = next;
    target = next;
  }
  target[resolved.field.name] = restValue(resolved.field, resolved.get(row), owner);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A value as JSON shows it. */
export function restValue(field: FieldDefinition, value: FieldValue, row: Row): unknown {
  if (field.type === 'address') return addressValue(field.name.replace(/Address$/, ''), row);
  return field.type === 'datetime' && typeof value === 'string' ? value.replace(/Z$/, '+0000') : value;
}

function addressValue(prefix: string, row: Row): unknown {
  const part = (name: string): FieldValue => row[`${prefix}${name}`] ?? null;
  if (part('City') === null && part('Country') === null && part('Street') === null) return null;
  return { city: part('City'), country: part('Country'), countryCode: null, geocodeAccuracy: null, latitude: null, longitude: null, postalCode: part('PostalCode'), state: part('State'), stateCode: null, street: part('Street') };
}
