import type { FieldDefinition, FieldType, ObjectDefinition } from './definition.ts';
import { createdFields, keyFields, labelOf, modifiedFields, stampField } from './fields.ts';
import type { Org } from './org.ts';
import type { GeneratedRows } from './table.ts';
import { fastStamp, type FieldValue, type Row } from './value.ts';

/** A field in short: name and type, the rest has defaults. */
export type FieldInput = Partial<FieldDefinition> & { readonly name: string; readonly type: FieldType };

export interface ObjectInput {
  readonly name: string;
  readonly label?: string;
  readonly keyPrefix?: string;
  readonly replicateable?: boolean;
  readonly bulkRefused?: boolean;
  /** Rows are only ever hard-deleted: there is no IsDeleted. */
  readonly binless?: boolean;
  /** Besides Id, IsDeleted and the audit fields, which every added object has. */
  readonly fields: readonly FieldInput[];
  /** A number of made rows, or how to make each, or each value when it is asked for, which is faster for rows of many fields; nothing is kept in memory. */
  readonly rows?: number | { readonly count: number; readonly row: (index: number) => Row } | { readonly count: number; readonly value: (field: string, index: number) => FieldValue };
}

/** What tests and HTTP control may do with the org's data. */
export class OrgControl {
  readonly #org: Org;
  readonly #now: () => Date;
  #added = 0;

  constructor(org: Org, now: () => Date) {
    this.#org = org;
    this.#now = now;
  }

  /** Names of all objects. */
  get objects(): readonly string[] {
    return this.#org.tables.map(({ definition }) => definition.name);
  }

  /** Rows of an object, deleted ones included. */
  count(object: string): number {
    return this.#org.require(object).size;
  }

  find(object: string, id: string): Row | undefined {
    return this.#org.find(object, id);
  }

  /** A field of a row as a query reads it: formulas are computed now. */
  read(object: string, id: string, field: string): FieldValue {
    return this.#org.read(object, id, field);
  }

  /** All rows of an object, deleted ones included; without formulas, which no row keeps. */
  rows(object: string): readonly Row[] {
    return [...this.eachRow(object)];
  }

  /** The same rows one after the other, as they are when it begins. */
  *eachRow(object: string): Generator<Row> {
    const table = this.#org.require(object);
    const rows = table.rows();
    for (let index = 0; index < rows.length; index += 1) yield table.whole(rows.at(index));
  }

  /** @returns the new id */
  insert(object: string, fields: Readonly<Record<string, FieldValue>>): string {
    return this.#org.insert(object, fields);
  }

  update(object: string, id: string, fields: Readonly<Record<string, FieldValue>>): void {
    this.#org.update(object, id, fields);
  }

  delete(object: string, id: string): void {
    this.#org.delete(object, id);
  }

  undelete(object: string, id: string): void {
    this.#org.undelete(object, id);
  }

  /** Hard-deletes: only the delete log remembers. */
  purge(object: string, id: string): void {
    this.#org.purge(object, id);
  }

  addField(object: string, field: FieldInput): void {
    this.#org.addField(object, complete(field));
  }

  /** Another API name for a field; values and stamps stay. */
  renameField(object: string, from: string, to: string): void {
    this.#org.renameField(object, from, to);
  }

  setPicklist(object: string, field: string, picklist: readonly string[]): void {
    this.#org.setPicklist(object, field, picklist);
  }

  removeField(object: string, field: string): void {
    this.#org.removeField(object, field);
  }

  /** Forgets deletions before an instant, as Salesforce trims its log. */
  trimDeleteLog(until: Date): void {
    this.#org.deleteLog.trim(until.toISOString());
  }

  addObject(input: ObjectInput): void {
    const { name, rows } = input;
    const fields = [...keyFields.filter(({ name: field }) => input.binless !== true || field !== 'IsDeleted'), ...input.fields.filter((field) => !isSystemField(field.name)).map(complete), ...createdFields, ...modifiedFields, stampField];
    const definition: ObjectDefinition = {
      name, label: input.label ?? labelOf(name), labelPlural: `${input.label ?? labelOf(name)}s`, keyPrefix: input.keyPrefix ?? `a${(this.#added++).toString(36).padStart(2, '0')}`, custom: name.endsWith('__c'), fields,
      replicateable: input.replicateable ?? true, ...(input.bulkRefused === undefined ? {} : { bulkRefused: input.bulkRefused }),
    };
    this.#org.addObject(definition, rows === undefined ? undefined : this.#generated(fields, rows));
  }

  #generated(fields: readonly FieldDefinition[], rows: NonNullable<ObjectInput['rows']>): GeneratedRows {
    const startMs = Math.floor(this.#now().getTime() / 1000) * 1000;
    const systemUserId = this.#org.systemUserId;
    const count = typeof rows === 'number' ? rows : rows.count;
    // Older rows first, a second apart.
    const stampAt = (index: number): string => fastStamp(startMs - (count - index) * 1000);
    if (typeof rows !== 'number' && 'row' in rows) {
      return {
        count,
        row: (index) => {
          const stamp = stampAt(index);
          return { IsDeleted: false, CreatedDate: stamp, CreatedById: systemUserId, LastModifiedDate: stamp, LastModifiedById: systemUserId, SystemModstamp: stamp, ...rows.row(index) };
        },
      };
    }
    const made = fields.filter(({ name }) => !isSystemField(name)).map(({ name, type }): [string, (index: number) => FieldValue] => [name, (index) => (typeof rows === 'number' ? madeValue(type, name, index) : rows.value(name, index))]);
    const byUser = (): string => systemUserId;
    return { count, cells: { ...Object.fromEntries(made), IsDeleted: () => false, CreatedDate: stampAt, CreatedById: byUser, LastModifiedDate: stampAt, LastModifiedById: byUser, SystemModstamp: stampAt } };
  }
}

function isSystemField(name: string): boolean {
  return [...keyFields, ...createdFields, ...modifiedFields, stampField].some((field) => field.name.toLowerCase() === name.toLowerCase());
}

function complete(field: FieldInput): FieldDefinition {
  return { label: labelOf(field.name), ...(field.name.endsWith('__c') ? { custom: true } : {}), ...(field.type === 'string' ? { length: 255 } : {}), ...field };
}

const firstInstantMs = Date.UTC(2024, 0, 1);
const days = Array.from({ length: 1_000 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));

function madeValue(type: FieldType, name: string, index: number): FieldValue {
  switch (type) {
    case 'boolean': return index % 3 === 0;
    case 'int': case 'long': return index;
    case 'double': case 'currency': case 'percent': return (index % 100_000) + (index % 100) / 100;
    case 'date': return days[index % days.length] ?? null;
    case 'datetime': return fastStamp(firstInstantMs + index * 1000);
    case 'reference': return null;
    default: return `${name} ${index}`;
  }
}
