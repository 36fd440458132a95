import type { FieldValue, Row } from './value.ts';

export type FieldType =
  | 'id' | 'string' | 'textarea' | 'picklist' | 'multipicklist' | 'reference' | 'boolean' | 'int' | 'long' | 'double' | 'currency' | 'percent'
  | 'date' | 'datetime' | 'time' | 'email' | 'phone' | 'url' | 'address' | 'location' | 'base64' | 'combobox' | 'encryptedstring' | 'anyType';

/** Reads another record of the org, for formulas and parent paths. */
export type Lookup = (id: string) => Row | undefined;

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
  /** A formula is computed when read: a change of a record it refers to moves no stamp here. */
  readonly formula?: { readonly text: string; readonly compute: (row: Row, lookup: Lookup) => FieldValue };
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
