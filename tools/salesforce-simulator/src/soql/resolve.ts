import type { FieldDefinition, FormulaContext } from '../org/definition.ts';
import type { ObjectTable } from '../org/table.ts';
import type { FieldValue, Row } from '../org/value.ts';
import type { FieldPath } from './ast.ts';
import { atPlace, SoqlError } from './soql-error.ts';
import { visibleField, visibleFields, visibleTable, type View } from './view.ts';

/** A field reached from a row, perhaps through parents. */
export interface ResolvedField {
  /** Relationship names before the field, in canonical spelling. */
  readonly parents: readonly string[];
  readonly field: FieldDefinition;
  /** `Owner.Name` */
  readonly path: string;
  readonly get: (row: Row) => FieldValue;
  /** The row of each parent; undefined where it is missing. */
  readonly parentRows: readonly ((row: Row) => Row | undefined)[];
}

const hint = (name: string, entity: string): string =>
  `No such column '${name}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;

/** A field by which rows are found or ordered. @throws SoqlError `INVALID_FIELD` when there is none, or none that can be used so */
export function filterField(view: View, table: ObjectTable, path: FieldPath, soql: string): ResolvedField {
  const found = resolveField(view, table, path, soql);
  if (found.parents.length === 0 && !view.canFilter(table.definition.name, found.field.name)) {
    throw new SoqlError('INVALID_FIELD', atPlace(soql, path.offset, `field '${found.field.name}' can not be filtered in a query call`));
  }
  return found;
}

/** @throws SoqlError `INVALID_FIELD` when the user has no such field */
export function resolveField(view: View, table: ObjectTable, { path, offset }: FieldPath, soql: string): ResolvedField {
  const { formulaContext: context } = view.org;
  // A field of a setup object may be reached by a relationship that no Id stands for.
  const whole = path.includes('.') ? visibleField(view, table, path) : undefined;
  if (whole !== undefined) return { parents: [], field: whole, path: whole.name, get: ownValue(whole.name), parentRows: [] };
  const parts = path.split('.');
  if (parts.length > 1 && parts[0]?.toLowerCase() === table.definition.name.toLowerCase() && findRelationship(view, table, parts[0]) === undefined) parts.shift();
  const fieldName = parts.pop() ?? '';
  const parents: string[] = [];
  const parentRows: ((row: Row) => Row | undefined)[] = [];
  let tables: readonly ObjectTable[] = [table];
  let owner: (row: Row) => Row | undefined = (row) => row;
  for (const part of parts) {
    const reference = firstDefined(tables, (candidate) => findRelationship(view, candidate, part));
    if (reference === undefined) {
      throw new SoqlError('INVALID_FIELD', atPlace(soql, offset, `Didn't understand relationship '${part}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`));
    }
    parents.push(reference.relationshipName ?? part);
    const step = owner;
    owner = (row) => {
      const id = step(row)?.[reference.name];
      return typeof id === 'string' ? context.lookup(id) : undefined;
    };
    parentRows.push(owner);
    tables = (reference.referenceTo ?? []).flatMap((name) => visibleTable(view, name) ?? []);
  }
  const field = firstDefined(tables, (candidate) => visibleField(view, candidate, fieldName));
  if (field === undefined) throw new SoqlError('INVALID_FIELD', atPlace(soql, offset, hint(fieldName, tables[0]?.definition.name ?? table.definition.name)));
  const get = parents.length === 0 && field.formula === undefined ? ownValue(field.name) : getter(field, owner, context);
  return { parents, field, path: [...parents, field.name].join('.'), get, parentRows };
}

function findRelationship(view: View, table: ObjectTable, name: string): FieldDefinition | undefined {
  return visibleFields(view, table).find(({ type, relationshipName }) => type === 'reference' && relationshipName?.toLowerCase() === name.toLowerCase());
}

function firstDefined<T>(tables: readonly ObjectTable[], find: (table: ObjectTable) => T | undefined): T | undefined {
  for (const table of tables) {
    const found = find(table);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The common case, read for every cell of a large result. */
function ownValue(name: string): (row: Row) => FieldValue {
  return (row) => row[name] ?? null;
}

function getter(field: FieldDefinition, owner: (row: Row) => Row | undefined, context: FormulaContext): (row: Row) => FieldValue {
  const { name, formula } = field;
  if (formula === undefined) return (row) => owner(row)?.[name] ?? null;
  return (row) => {
    const of = owner(row);
    return of === undefined ? null : formula.compute(of, context);
  };
}
