import { opportunityAutomation } from './opportunity-automation.ts';
import type { Automation } from './automation.ts';
import type { FieldDefinition, FormulaContext, ObjectDefinition } from './definition.ts';
import { DeleteLog } from './delete-log.ts';
import { personNameAutomation, caseAutomation } from './simple-automation.ts';
import { PendingChanges } from './pending-changes.ts';
import { normalId, recordId } from './record-id.ts';
import { ObjectTable, type GeneratedRows } from './table.ts';
import { stampOf, type FieldValue, type Row } from './value.ts';

export interface OrgOptions {
  readonly now: () => Date;
  /** How long a change stays invisible after its SystemModstamp, as in a long transaction; in milliseconds. */
  readonly commitDelayMs: () => number;
}

/** A committed change of one record. */
export interface OrgChange {
  readonly table: ObjectTable;
  readonly id: string;
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';
  readonly before: Row | undefined;
  /** Undefined when the record is gone without a trace. */
  readonly after: Row | undefined;
  /** Who did it. */
  readonly byId: string;
}

type Fields = Readonly<Record<string, FieldValue>>;

const automations: Readonly<Record<string, Automation>> = {
  Opportunity: opportunityAutomation, Contact: personNameAutomation, Lead: personNameAutomation, User: personNameAutomation, Case: caseAutomation,
};

/** The data of one org: objects, rows and what saving a row does. */
export class Org {
  readonly #tables = new Map<string, ObjectTable>();
  readonly #pending = new PendingChanges();
  readonly #durableIds = new Map<string, string>();
  readonly deleteLog = new DeleteLog();
  readonly #listeners: (() => void)[] = [];
  readonly #recordListeners: ((change: OrgChange) => void)[] = [];
  readonly #options: OrgOptions;
  #nextField = 1;
  readonly formulaContext: FormulaContext;
  /** Grows with every visible change of data or schema. */
  version = 0;
  /** When fields or objects last changed. */
  schemaChangedAt: Date;
  /** Who acts when nobody is named. */
  systemUserId = '';

  constructor(options: OrgOptions) {
    this.#options = options;
    this.formulaContext = { lookup: (id) => this.lookup(id), now: options.now, rows: (object) => this.#rows(object) };
    this.schemaChangedAt = options.now();
  }

  addObject(definition: ObjectDefinition, rows?: GeneratedRows): ObjectTable {
    const table = new ObjectTable(definition, rows);
    this.#tables.set(definition.name.toLowerCase(), table);
    this.#schemaChanged();
    return table;
  }

  get tables(): readonly ObjectTable[] {
    return [...this.#tables.values()];
  }

  /** A table whose committed changes are applied. */
  table(object: string): ObjectTable | undefined {
    this.settle();
    return this.#tables.get(object.toLowerCase());
  }

  /** @throws RangeError for an unknown object */
  require(object: string): ObjectTable {
    const table = this.table(object);
    if (table === undefined) throw new RangeError(`The simulated org has no object ${object}.`);
    return table;
  }

  lookup(id: string): Row | undefined {
    const prefix = id.slice(0, 3);
    for (const table of this.#tables.values()) if (table.definition.keyPrefix === prefix) return table.find(id);
    return undefined;
  }

  /** A field of a row as a query reads it: formulas are computed now. @throws RangeError when there is no such object or row */
  read(object: string, id: string, field: string): FieldValue {
    const table = this.require(object);
    const row = this.#existing(table, normalId(id));
    const { formula } = table.field(field) ?? {};
    return formula === undefined ? (row[field] ?? null) : formula.compute(row, this.formulaContext);
  }

  find(object: string, id: string): Row | undefined {
    return this.require(object).find(normalId(id));
  }

  insert(object: string, fields: Fields, at: Date = this.#options.now()): string {
    const table = this.require(object);
    const stamp = stampOf(at);
    const byId = typeof fields['CreatedById'] === 'string' ? fields['CreatedById'] : this.systemUserId;
    const id = typeof fields['Id'] === 'string' ? fields['Id'] : table.newId();
    const audit: Record<string, FieldValue> = { Id: id, IsDeleted: false, CreatedDate: stamp, CreatedById: byId, LastModifiedDate: stamp, LastModifiedById: byId, SystemModstamp: stamp };
    this.#save(table, id, undefined, complete(table, { ...audit, ...fields, Id: id }), stamp, byId);
    return id;
  }

  /** @throws RangeError when there is no such record */
  update(object: string, id: string, fields: Fields, at: Date = this.#options.now()): void {
    const table = this.require(object);
    const stamp = stampOf(at);
    const before = this.#existing(table, id);
    const byId = typeof fields['LastModifiedById'] === 'string' ? fields['LastModifiedById'] : this.systemUserId;
    this.#save(table, normalId(id), before, { ...before, LastModifiedDate: stamp, LastModifiedById: byId, SystemModstamp: stamp, ...fields }, stamp, byId);
  }

  /** Moves a record to the recycle bin. */
  delete(object: string, id: string): void {
    this.#setDeleted(object, id, true);
  }

  undelete(object: string, id: string): void {
    this.#setDeleted(object, id, false);
  }

  /** Takes a record away without trace but for the delete log. */
  purge(object: string, id: string): void {
    const table = this.require(object);
    const key = normalId(id);
    const before = this.#existing(table, key);
    this.#commit(() => {
      table.remove(key);
      table.changed.add(key);
      this.deleteLog.add(table.definition.name, key, stampOf(this.#options.now()));
      // Emptying the recycle bin is not a change anybody is told of.
      if (before['IsDeleted'] !== true) this.#tell({ table, id: key, kind: 'DELETE', before, after: undefined, byId: this.systemUserId });
    });
  }

  /** Writes a row as it is: for seeds and restored state. */
  load(object: string, row: Row): void {
    this.require(object).put(String(row['Id']), row);
    this.version += 1;
  }

  addField(object: string, field: FieldDefinition): void {
    this.require(object).addField(field);
    this.#schemaChanged();
  }

  /** What names a field of an object for as long as it lives: another field of the same name has another one. */
  durableId(object: string, field: string): string {
    const key = `${object}.${field}`.toLowerCase();
    const known = this.#durableIds.get(key);
    if (known !== undefined) return known;
    const id = /__c$/i.test(field) ? `${object}.${recordId('00N', this.#nextField++).slice(0, 15)}` : `${object}.${field.replace(/(?<=.)Id$/, '')}`;
    this.#durableIds.set(key, id);
    return id;
  }

  /** Another API name for a field: its values and its durable id stay, and no stamp of a row moves. */
  renameField(object: string, from: string, to: string): void {
    const { definition, field } = this.#fieldOf(object, from);
    const id = this.durableId(definition.name, field.name);
    this.require(object).renameField(field.name, to);
    this.#durableIds.delete(`${object}.${from}`.toLowerCase());
    this.#durableIds.set(`${object}.${to}`.toLowerCase(), id);
    this.#schemaChanged();
  }

  /** The values a picklist offers from now on. */
  setPicklist(object: string, field: string, picklist: readonly string[]): void {
    const { field: before } = this.#fieldOf(object, field);
    this.require(object).addField({ ...before, picklist });
    this.#schemaChanged();
  }

  #fieldOf(object: string, name: string): { definition: ObjectDefinition; field: FieldDefinition } {
    const table = this.require(object);
    const field = table.field(name);
    if (field === undefined) throw new RangeError(`The object ${object} has no field ${name}.`);
    return { definition: table.definition, field };
  }

  removeField(object: string, field: string): void {
    this.require(object).removeField(field);
    this.#durableIds.delete(`${object}.${field}`.toLowerCase());
    this.#schemaChanged();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Tells of every record that changes, when the change is committed. */
  onRecordChange(listener: (change: OrgChange) => void): void {
    this.#recordListeners.push(listener);
  }

  /** Applies what is committed by now. */
  settle(): void {
    this.#pending.settle(this.#options.now().getTime());
  }

  #tell(change: OrgChange): void {
    for (const listener of this.#recordListeners) listener(change);
  }

  #rows(object: string): readonly Row[] {
    const rows = this.require(object).rows();
    return Array.from({ length: rows.length }, (_, index) => rows.at(index));
  }

  #setDeleted(object: string, id: string, deleted: boolean): void {
    const table = this.require(object);
    const key = normalId(id);
    const stamp = stampOf(this.#options.now());
    const before = this.#existing(table, key);
    const row = { ...before, IsDeleted: deleted, SystemModstamp: stamp, LastModifiedDate: stamp };
    this.#commit(() => {
      store(table, key, row);
      this.#tell({ table, id: key, kind: deleted ? 'DELETE' : 'UNDELETE', before, after: row, byId: this.systemUserId });
      if (deleted) this.deleteLog.add(table.definition.name, key, stamp);
      else this.deleteLog.remove(table.definition.name, key);
    });
  }

  #save(table: ObjectTable, id: string, before: Row | undefined, row: Row, stamp: string, byId: string): void {
    const automation = automations[table.definition.name];
    const change = { before, stamp, byId };
    const saved: Row = automation?.derive === undefined ? row : { ...row, ...automation.derive(row, change, this) };
    this.#commit(() => {
      store(table, id, saved);
      this.#tell({ table, id, kind: before === undefined ? 'CREATE' : 'UPDATE', before, after: saved, byId });
    });
    automation?.after?.(saved, change, this);
  }

  #commit(apply: () => void): void {
    const visible = (): void => {
      apply();
      this.version += 1;
      for (const listener of this.#listeners) listener();
    };
    const delayMs = this.#options.commitDelayMs();
    if (delayMs <= 0) visible();
    else this.#pending.add({ commitsAtMs: this.#options.now().getTime() + delayMs, apply: visible });
  }

  #existing(table: ObjectTable, id: string): Row {
    const row = table.find(normalId(id));
    if (row === undefined) throw new RangeError(`There is no ${table.definition.name} ${id}.`);
    return row;
  }

  #schemaChanged(): void {
    this.schemaChangedAt = this.#options.now();
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function store(table: ObjectTable, id: string, row: Row): void {
  table.put(id, row);
  table.changed.add(id);
}

/** Only the object's own fields, the missing ones null. */
function complete(table: ObjectTable, fields: Fields): Row {
  const row: Record<string, FieldValue> = {};
  for (const field of table.fields) if (field.type !== 'address' && field.formula === undefined) row[field.name] = fields[field.name] ?? (field.type === 'boolean' ? false : null);
  return row;
}
