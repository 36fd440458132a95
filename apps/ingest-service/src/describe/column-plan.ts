import type { FieldDescribe, ObjectDescribe } from '@tributary/salesforce-client';
import { columnTypeOf, exclusionOf, type ColumnType } from './column-type.ts';
import { usualBounds, type RowBounds } from './row-bounds.ts';

/** A field of the org that becomes a column of the warehouse. */
export interface PlannedColumn {
  /** API name in its original spelling. */
  readonly field: string;
  readonly column: string;
  readonly type: ColumnType;
  readonly describe: FieldDescribe;
}

/** What is read of an object, and by which field changes are found. */
export interface ColumnPlan {
  readonly object: string;
  readonly label: string;
  readonly table: string;
  readonly columns: readonly PlannedColumn[];
  readonly excluded: readonly { readonly field: FieldDescribe; readonly because: string }[];
  /** Fields by which changes may be found, the best first. */
  readonly cursors: readonly PlannedColumn[];
  /** The one that is used; undefined when every run must read the whole object. */
  readonly cursor: PlannedColumn | undefined;
  readonly hasIsDeleted: boolean;
  /** Whether Salesforce keeps a list of the object's deletions. */
  readonly replicateable: boolean;
  /** From how many columns on they are stored in groups. */
  readonly rowBounds: RowBounds;
}

const cursorFields = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate', 'LoginTime'] as const;
const alwaysCopied = new Set(['id', 'isdeleted', ...cursorFields.map((field) => field.toLowerCase())]);
/** Tables of the warehouse that are not objects. */
const bookkeeping = new Set(['sync_object', 'receipt', 'field_catalogue', 'record_version', 'tombstone', 'formula_column']);
const maxNameLength = 63;
/** Why a field is left out that one may choose. */
export const notChosen = 'Not chosen.';

/**
 * @param chosen fields to copy besides those every copy needs; null for all
 * @param held fields nobody has decided about yet, in lower case
 * @returns undefined when the object has no Id, so that its rows cannot be told apart
 */
export function planColumns(describe: ObjectDescribe, chosen: readonly string[] | null, held: ReadonlySet<string> = new Set()): ColumnPlan | undefined {
  const wanted = chosen === null ? undefined : new Set(chosen.map((field) => field.toLowerCase()));
  const columns: PlannedColumn[] = [];
  const excluded: { field: FieldDescribe; because: string }[] = [];
  for (const field of describe.fields) {
    const because = exclusionReason(field, wanted, held);
    if (because === undefined) columns.push({ field: field.name, column: columnName(field.name), type: columnTypeOf(field.type), describe: field });
    else excluded.push({ field, because });
  }
  if (!columns.some(({ column }) => column === 'id')) return undefined;
  const cursors = cursorFields.flatMap((name) => columns.find(({ field, describe: { filterable }, type }) => field === name && filterable && type === 'timestamptz') ?? []);
  return {
    object: describe.name,
    label: describe.label === '' ? describe.name : describe.label,
    table: tableName(describe.name),
    columns,
    excluded,
    cursors,
    cursor: cursors[0],
    replicateable: describe.replicateable,
    hasIsDeleted: columns.some(({ column }) => column === 'isdeleted'),
    rowBounds: usualBounds,
  };
}

/** A plan within bounds. Of a wide object those columns are read first that copying looks at, so that they are no part of a group. */
export function withinBounds(plan: ColumnPlan, rowBounds: RowBounds): ColumnPlan {
  if (plan.columns.length <= rowBounds.own) return { ...plan, rowBounds };
  const isFirst = ({ column }: PlannedColumn): boolean => column === 'id' || column === 'isdeleted' || plan.cursors.some((cursor) => cursor.column === column);
  return { ...plan, rowBounds, columns: [...plan.columns.filter(isFirst), ...plan.columns.filter((column) => !isFirst(column))] };
}

/** Name of an object's table. */
export function tableName(object: string): string {
  const name = object.toLowerCase();
  return bookkeeping.has(name) ? `${name}_object` : name.slice(0, maxNameLength);
}

function columnName(field: string): string {
  return field.toLowerCase().slice(0, maxNameLength);
}

function exclusionReason(field: FieldDescribe, wanted: ReadonlySet<string> | undefined, held: ReadonlySet<string>): string | undefined {
  if (field.deprecatedAndHidden) return 'Salesforce has withdrawn this field.';
  const byKind = exclusionOf(field.type, field.soapType);
  if (byKind !== undefined) return byKind;
  const name = field.name.toLowerCase();
  if (held.has(name)) return 'New in the org; nobody has chosen it yet.';
  return wanted === undefined || wanted.has(name) || alwaysCopied.has(name) ? undefined : notChosen;
}
