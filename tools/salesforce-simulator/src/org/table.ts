import type { FieldDefinition, ObjectDefinition } from './definition.ts';
import { recordId, sequenceOf } from './record-id.ts';
import { viewClass, type Cells, type RowView } from './row-view.ts';
import type { Row, RowSource } from './value.ts';

/** Rows made when read; the same index gives the same values each time. */
export interface GeneratedRows {
  readonly count: number;
  /** Either whole rows, */
  readonly row?: (index: number) => Row;
  /** or values by field, which costs only what is read. */
  readonly cells?: Cells;
}

/** Rows of one object. Generated rows come first, then stored ones; a changed generated row is kept in an overlay. */
export class ObjectTable {
  readonly #fields = new Map<string, FieldDefinition>();
  /** Grows with every change of a field, also one that leaves the same description. */
  schemaRevision = 0;
  readonly #stored = new Map<string, Row>();
  readonly #overlay = new Map<number, Row | undefined>();
  /** Ids of rows that differ from the seed; what a state file must keep. */
  readonly changed = new Set<string>();
  #snapshot: RowSource | undefined;
  #nextSequence = 1;

  readonly definition: ObjectDefinition;
  readonly #generated: GeneratedRows;
  /** What became of generated values since: fields removed and renamed. */
  readonly #reshaping: ((row: Row) => Row)[] = [];
  #cells: Cells | undefined;
  #view: (new (index: number) => RowView) | undefined;

  constructor(definition: ObjectDefinition, generated: GeneratedRows = { count: 0 }) {
    this.definition = definition;
    this.#generated = generated;
    this.#cells = generated.cells;
    this.#view = this.#makeView();
    for (const field of definition.fields) this.#fields.set(field.name.toLowerCase(), field);
    this.#nextSequence = generated.count + 1;
  }

  get fields(): readonly FieldDefinition[] {
    return [...this.#fields.values()];
  }

  field(name: string): FieldDefinition | undefined {
    return this.#fields.get(name.toLowerCase());
  }

  addField(field: FieldDefinition): void {
    this.schemaRevision += 1;
    this.#fields.set(field.name.toLowerCase(), field);
  }

  /** Gives a field another name; its values stay, and no stamp of a row moves. */
  renameField(name: string, to: string): void {
    const field = this.#fields.get(name.toLowerCase());
    if (field === undefined) return;
    this.#fields.delete(name.toLowerCase());
    this.#fields.set(to.toLowerCase(), { ...field, name: to });
    this.#reshape((row) => (field.name in row ? { ...without(row, field.name), [to]: row[field.name] ?? null } : row), ([cell, value]) => [[cell === field.name ? to : cell, value]]);
  }

  /** Takes a field away with all its values; no stamp of a row moves. */
  removeField(name: string): void {
    const field = this.#fields.get(name.toLowerCase())?.name;
    this.#fields.delete(name.toLowerCase());
    if (field !== undefined) this.#reshape((row) => without(row, field), (cell) => (cell[0] === field ? [] : [cell]));
  }

  #reshape(ofRow: (row: Row) => Row, ofCell: (cell: [string, Cells[string]]) => [string, Cells[string]][]): void {
    this.schemaRevision += 1;
    this.#snapshot = undefined;
    this.#reshaping.push(ofRow);
    if (this.#cells !== undefined) this.#cells = Object.fromEntries(Object.entries(this.#cells).flatMap(ofCell));
    this.#view = this.#makeView();
    for (const [id, row] of this.#stored) this.#stored.set(id, ofRow(row));
    for (const [index, row] of this.#overlay) if (row !== undefined) this.#overlay.set(index, ofRow(row));
  }

  get size(): number {
    const purged = [...this.#overlay.values()].filter((row) => row === undefined).length;
    return this.#generated.count - purged + this.#stored.size;
  }

  /** Whether rows are so many that going through them must give way to other work. */
  get isLarge(): boolean {
    return this.#generated.count > 50_000;
  }

  newId(): string {
    return recordId(this.definition.keyPrefix, this.#nextSequence++);
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  set nextSequence(value: number) {
    this.#nextSequence = Math.max(this.#nextSequence, value);
  }

  find(id: string): Row | undefined {
    const index = this.#generatedIndex(id);
    if (index === undefined) return this.#stored.get(id);
    return this.#overlay.has(index) ? this.#overlay.get(index) : this.whole(this.#generate(index));
  }

  put(id: string, row: Row): void {
    this.#snapshot = undefined;
    const index = this.#generatedIndex(id);
    if (index === undefined) this.#stored.set(id, row);
    else this.#overlay.set(index, row);
  }

  remove(id: string): void {
    this.#snapshot = undefined;
    const index = this.#generatedIndex(id);
    if (index === undefined) this.#stored.delete(id);
    else this.#overlay.set(index, undefined);
  }

  /** The rows as they are now; later changes do not touch what was handed out. */
  rows(): RowSource {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  #makeView(): (new (index: number) => RowView) | undefined {
    if (this.#cells === undefined) return undefined;
    return viewClass({ ...this.#cells, Id: (index) => recordId(this.definition.keyPrefix, index + 1) });
  }

  #takeSnapshot(): RowSource {
    const stored = [...this.#stored.values()];
    if (this.#generated.count === 0) return arraySource(stored);
    const { count } = this.#generated;
    const overlay = new Map(this.#overlay);
    const kept = [...overlay.values()].includes(undefined) ? Uint32Array.from({ length: count }, (_, index) => index).filter((index) => !overlay.has(index) || overlay.get(index) !== undefined) : undefined;
    const generatedLength = kept?.length ?? count;
    return {
      length: generatedLength + stored.length,
      at: (position) => {
        if (position >= generatedLength) return stored[position - generatedLength] ?? {};
        const index = kept?.[position] ?? position;
        return overlay.get(index) ?? this.#generate(index);
      },
    };
  }

  /** A row that can be copied: rows of a snapshot may compute their values when asked. */
  whole(row: Row): Row {
    if (this.#view === undefined || !(row instanceof this.#view)) return row;
    return Object.fromEntries(this.fields.filter(({ type, formula }) => type !== 'address' && formula === undefined).map(({ name }) => [name, row[name] ?? null]));
  }

  #generate(index: number): Row {
    if (this.#view !== undefined) return new this.#view(index);
    const row = { Id: recordId(this.definition.keyPrefix, index + 1), ...this.#generated.row?.(index) };
    return this.#reshaping.reduce<Row>((reshaped, change) => change(reshaped), row);
  }

  #generatedIndex(id: string): number | undefined {
    const sequence = sequenceOf(this.definition.keyPrefix, id);
    return sequence !== undefined && sequence >= 1 && sequence <= this.#generated.count ? sequence - 1 : undefined;
  }
}

function without(row: Row, field: string): Row {
  const { [field]: _removed, ...kept } = row;
  return kept;
}

export function arraySource(rows: readonly Row[]): RowSource {
  return { length: rows.length, at: (index) => rows[index] ?? {} };
}
