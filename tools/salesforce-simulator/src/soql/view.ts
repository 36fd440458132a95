import type { FieldDefinition } from '../org/definition.ts';
import type { Org } from '../org/org.ts';
import type { ObjectTable } from '../org/table.ts';
import { setupTable, type SetupSight } from './setup-objects.ts';

/** What one user may see of the org: objects and fields. */
export interface View {
  readonly org: Org;
  readonly canSeeObject: (object: string) => boolean;
  readonly canSeeField: (object: string, field: string) => boolean;
  /** Whether any user may read a field. */
  readonly someoneSeesField: (object: string, field: string) => boolean;
  readonly setupSight: SetupSight;
  /** Whether a query may find or order rows by a field. */
  readonly canFilter: (object: string, field: string) => boolean;
  /** Whether describe says so; it is not always right. */
  readonly describedFilterable: (object: string, field: string) => boolean;
  readonly canSeeRecord: ((id: string) => boolean) | undefined;
  /** Tells apart answers for users who see different things. */
  readonly key: string;
}

export function visibleTable(view: View, object: string): ObjectTable | undefined {
  const table = view.org.table(object) ?? setupTable(view, object);
  return table !== undefined && view.canSeeObject(table.definition.name) ? table : undefined;
}

export function visibleFields(view: View, table: ObjectTable): FieldDefinition[] {
  return table.fields.filter(({ name }) => view.canSeeField(table.definition.name, name));
}

export function visibleField(view: View, table: ObjectTable, name: string): FieldDefinition | undefined {
  const field = table.field(name);
  return field !== undefined && view.canSeeField(table.definition.name, field.name) ? field : undefined;
}
