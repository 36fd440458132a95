/** What pages brought into a staging table. */
export interface Staged {
  /** Rows the database says it has taken. */
  readonly rows: number;
  /** Rows among them that are deleted at the source. */
  readonly deleted: number;
}
