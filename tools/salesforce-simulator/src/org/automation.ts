import type { Org } from './org.ts';
import type { FieldValue, Row } from './value.ts';

/** A change of one record as automation sees it. */
export interface Change {
  /** Undefined for a new record. */
  readonly before: Row | undefined;
  readonly stamp: string;
  readonly byId: string;
}

/** What Salesforce itself does when a record of an object is saved. */
export interface Automation {
  /** Derived values, added to the row before it is stored. */
  readonly derive?: (row: Row, change: Change, org: Org) => Readonly<Record<string, FieldValue>>;
  /** Rows of other objects that the change writes. */
  readonly after?: (row: Row, change: Change, org: Org) => void;
}
