import type { Condition, Query } from './ast.ts';
import type { FieldDefinition } from '../org/definition.ts';
import { bool, reference, text } from '../org/fields.ts';
import { ObjectTable } from '../org/table.ts';
import type { Row } from '../org/value.ts';
import { SoqlError } from './soql-error.ts';
import type { View } from './view.ts';

/** What a user is told of an org's setup: definitions of all fields, or only of those the user may read, or nothing at all. */
export type SetupSight = 'all' | 'visible' | 'refused';

const entityName = 'EntityDefinition.QualifiedApiName';
const reified: ReadonlySet<string> = new Set([entityName, 'EntityDefinitionId', 'DurableId'].map((name) => name.toLowerCase()));

/** Objects that hold no data but tell of the org's own fields, made when they are asked for; undefined for any other object. */
export function setupTable(view: View, object: string): ObjectTable | undefined {
  if (view.setupSight === 'refused') return undefined;
  switch (object.toLowerCase()) {
    case 'fielddefinition': return tableOf('FieldDefinition', [text('DurableId'), text('QualifiedApiName'), text('Label'), text('DataType'), text('EntityDefinitionId'), text(entityName)], fieldDefinitions(view));
    case 'fieldpermissions': return tableOf('FieldPermissions', [reference('ParentId', 'PermissionSet'), text('SobjectType'), text('Field'), bool('PermissionsRead'), bool('PermissionsEdit')], fieldPermissions(view));
    default: return undefined;
  }
}

/** @throws SoqlError `MALFORMED_QUERY` when field definitions are asked for without naming the object */
export function requireReifiedFilter({ object, where }: Query): void {
  if (object.toLowerCase() !== 'fielddefinition') return;
  if (!comparisons(where).some((path) => reified.has(path.toLowerCase()))) {
    throw new SoqlError('MALFORMED_QUERY', 'FieldDefinition: a filter on a reified column is required [EntityDefinitionId,DurableId]');
  }
}

function comparisons(condition: Condition | undefined): string[] {
  if (condition?.kind === 'and') return condition.parts.flatMap(comparisons);
  return condition?.kind === 'compare' && condition.comparison === '=' ? [condition.field.path] : [];
}

function fieldDefinitions({ org, setupSight, canSeeObject, canSeeField }: View): Row[] {
  return org.tables.filter(({ definition: { name } }) => canSeeObject(name)).flatMap(({ definition, fields }) =>
    fields.filter(({ name }) => setupSight === 'all' || canSeeField(definition.name, name)).map((field) => {
      const id = org.durableId(definition.name, field.name);
      return { Id: id, DurableId: id, QualifiedApiName: field.name, Label: field.label, DataType: field.type, EntityDefinitionId: definition.name, [entityName]: definition.name };
    }));
}

/** One permission set that reads everything but what is hidden from everybody; fields that are always there need no permission. */
function fieldPermissions({ org, canSeeObject, someoneSeesField }: View): Row[] {
  return org.tables.filter(({ definition: { name } }) => canSeeObject(name)).flatMap(({ definition, fields }) =>
    fields.filter(({ name, nillable = true }) => nillable && someoneSeesField(definition.name, name)).map((field) => ({
      Id: `01k${org.durableId(definition.name, field.name)}`, ParentId: '0PSSm0000000001AAA', SobjectType: definition.name, Field: `${definition.name}.${field.name}`, PermissionsRead: true, PermissionsEdit: false,
    })));
}

function tableOf(name: string, fields: readonly FieldDefinition[], rows: readonly Row[]): ObjectTable {
  const table = new ObjectTable({ name, label: name, labelPlural: `${name}s`, keyPrefix: '', fields: [text('Id', { nillable: false }), ...fields], bulkRefused: true });
  for (const row of rows) table.put(String(row['Id']), row);
  return table;
}
