import type { CopyColumn, CopyState, CopyTable } from '../engine/protocol.ts';
import type { CopiedObject, Field } from '../warehouse/catalogue.ts';

/** Objects whose columns questions read in SQL. Period and Organization are read from the warehouse: they are settings, not facts. */
export const datasetObjects = ['Opportunity', 'User', 'Account', 'OpportunityStage'] as const;

/** An object of the warehouse with what its columns need in the copy. */
export interface SourceObject {
  readonly copied: CopiedObject;
  readonly fields: readonly Field[];
  /** Most digits after the point of each numeric column, by column. */
  readonly scales: ReadonlyMap<string, number>;
}

/** What brings an object of the copy up to date. */
export interface ObjectMerge {
  readonly source: SourceObject;
  readonly table: CopyTable;
  /** Rows with a version above this are read. */
  readonly from: bigint;
  readonly to: bigint;
}

export interface MergePlan {
  readonly merges: readonly ObjectMerge[];
  /** Objects that are no longer copied. */
  readonly dropped: readonly string[];
}

/** Versions ahead of the warehouse or other columns mean that the object was made anew there: so is the copy. */
export function planMerge(sources: readonly SourceObject[], state: readonly CopyState[]): MergePlan {
  const merges = sources.flatMap((source) => {
    const known = state.find(({ object }) => object === source.copied.object);
    const columns = columnsFor(source, known);
    const fresh = known === undefined || BigInt(known.version) > source.copied.version || !sameColumns(known.columns, columns) || known.table !== source.copied.table;
    if (!fresh && BigInt(known.version) === source.copied.version) return [];
    return [{ source, table: { object: source.copied.object, table: source.copied.table, columns, fresh }, from: fresh ? -1n : BigInt(known.version), to: source.copied.version }];
  });
  return { merges, dropped: state.map(({ object }) => object).filter((object) => !sources.some(({ copied }) => copied.object === object)) };
}

/** System columns first, then the object's own. */
function columnsFor({ fields, scales }: SourceObject, known: CopyState | undefined): readonly CopyColumn[] {
  const own = fields.filter(({ column }) => !column.startsWith('_')).map((field) => ({ name: field.column, type: copyType(field, scales.get(field.column) ?? 0, known) }));
  return [{ name: '_version', type: 'BIGINT' }, { name: '_deleted', type: 'BOOLEAN' }, ...own];
}

/** Salesforce numbers have at most 18 digits: 38 leave room for products and sums. */
const maxScale = 18;

function copyType({ column, columnType, scale }: Field, usedScale: number, known: CopyState | undefined): string {
  switch (columnType) {
    case 'text':
    case 'time':
      return 'VARCHAR';
    case 'boolean':
      return 'BOOLEAN';
    case 'bigint':
      return 'BIGINT';
    case 'date':
      return 'DATE';
    case 'timestamptz':
      return 'TIMESTAMP';
    case 'numeric': {
      if (usedScale > maxScale) throw new RangeError(`the column ${column} has more than ${maxScale} digits after the point`);
      // A column that once had more digits keeps them: narrowing it would read all rows again for nothing.
      const present = /^DECIMAL\(38, (\d+)\)$/.exec(known?.columns.find(({ name }) => name === column)?.type ?? '')?.[1];
      return `DECIMAL(38, ${Math.max(Math.min(scale ?? 0, maxScale), usedScale, Number(present ?? 0))})`;
    }
    default:
      return columnType satisfies never;
  }
}

function sameColumns(left: readonly CopyColumn[], right: readonly CopyColumn[]): boolean {
  const text = (columns: readonly CopyColumn[]): string => columns.map(({ name, type }) => `${name} ${type}`).sort().join(',');
  return text(left) === text(right);
}
