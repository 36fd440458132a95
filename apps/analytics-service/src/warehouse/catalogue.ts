/** PostgreSQL type of a warehouse column. */
export type ColumnType = 'text' | 'boolean' | 'bigint' | 'numeric' | 'date' | 'timestamptz' | 'time';

/** A copied field of an object. */
export interface Field {
  readonly object: string;
  /** API name in its original spelling. */
  readonly name: string;
  readonly label: string;
  /** Salesforce type, such as `currency`. */
  readonly type: string;
  readonly column: string;
  readonly columnType: ColumnType;
  /** Digits after the point by describe; null when unknown. */
  readonly scale: number | null;
}

/** An object of the warehouse with its bookkeeping. */
export interface CopiedObject {
  readonly object: string;
  readonly table: string;
  /** What is read when most columns are wanted: the table, or the view that a wide object has for it. */
  readonly wholeTable: string;
  readonly label: string;
  readonly status: 'waiting' | 'loading' | 'complete' | 'partial' | 'failed';
  readonly reason: string | null;
  readonly sourceRows: bigint | null;
  readonly storedRows: bigint;
  readonly tombstones: bigint;
  readonly version: bigint;
  readonly asOf: Date | null;
  readonly loadedAt: Date | null;
  readonly receipt: string | null;
}

/** What a connection's warehouse holds at one moment. */
export interface Catalogue {
  readonly schema: string;
  readonly objects: readonly CopiedObject[];
  /** Fields of the objects asked for. */
  readonly fields: readonly Field[];
}

export function objectOf(catalogue: Catalogue, name: string): CopiedObject | undefined {
  const wanted = name.toLowerCase();
  return catalogue.objects.find(({ object }) => object.toLowerCase() === wanted);
}

export function fieldOf(catalogue: Catalogue, object: string, name: string): Field | undefined {
  const [wantedObject, wantedName] = [object.toLowerCase(), name.toLowerCase()];
  return catalogue.fields.find((field) => field.object.toLowerCase() === wantedObject && field.name.toLowerCase() === wantedName);
}

export function fieldsOfObject(catalogue: Catalogue, object: string): readonly Field[] {
  return catalogue.fields.filter((field) => field.object.toLowerCase() === object.toLowerCase());
}

/** Schema of a connection: `c_` and the id without dashes. */
export function schemaOf(connectionId: string): string {
  return `c_${connectionId.replaceAll('-', '')}`;
}
