import type { FieldValue, Row } from './value.ts';

export type FieldType =
  | 'id' | 'string' | 'textarea' | 'picklist' | 'multipicklist' | 'reference' | 'boolean' | 'int' | 'long' | 'double' | 'currency' | 'percent'
  | 'date' | 'datetime' | 'time' | 'email' | 'phone' | 'url' | 'address' | 'location' | 'base64' | 'combobox' | 'encryptedstring' | 'anyType';

/** Reads another record of the org, for formulas and parent paths. */
export type Lookup = (id: string) => Row | undefined;

/** What a formula may see besides its own row. */
export interface FormulaContext {
  readonly lookup: Lookup;
  /** The org's clock, for `TODAY()` and `NOW()`. */
  readonly now: () => Date;
  /** Rows of another object, for roll-ups. */
  readonly rows: (object: string) => readonly Row[];
}

/** How a field's value is made when it is read. */
export interface Formula {
  /** As describe tells it; null for a roll-up, whose definition describe keeps to itself. */
  readonly text: string | null;
  readonly compute: (row: Row, context: FormulaContext) => FieldValue;
}

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nillable?: boolean;
  readonly custom?: boolean;
  readonly unique?: boolean;
  readonly nameField?: boolean;
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string;
  readonly picklist?: readonly string[];
  /** The compound field this one is a part of. */
  readonly compound?: string;
  readonly inlineHelpText?: string;
  /** A formula is computed when read: neither a change of a record it refers to nor the time moves a stamp here. */
  readonly formula?: Formula;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly fields: readonly FieldDefinition[];
  readonly custom?: boolean;
  readonly replicateable?: boolean;
  /** Whether Bulk API 2.0 refuses the object. */
  readonly bulkRefused?: boolean;
}
