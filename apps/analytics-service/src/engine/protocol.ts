/** A column of the analysis copy. */
export interface CopyColumn {
  readonly name: string;
  /** DuckDB type. */
  readonly type: string;
}

/** A table of the analysis copy. */
export interface CopyTable {
  readonly object: string;
  readonly table: string;
  readonly columns: readonly CopyColumn[];
  /** Made anew, instead of merged into what is there. */
  readonly fresh: boolean;
}

/** What the copy holds of an object. */
export interface CopyState {
  readonly object: string;
  readonly table: string;
  /** Decimal text of the last merged version. */
  readonly version: string;
  readonly columns: readonly CopyColumn[];
}

/** Counts over a table of the copy, to compare with the warehouse. */
export interface CopyCheck {
  readonly rows: string;
  readonly versions: string;
}

/** Work for the child. Texts travel as they are; null is null. */
export type ChildTask =
  | { readonly do: 'open'; readonly file: string; readonly spillFolder: string; readonly threads: number; readonly memoryMb: number }
  | { readonly do: 'state' }
  | { readonly do: 'query'; readonly statements: readonly { readonly sql: string; readonly values: readonly string[] }[]; readonly timeoutMs: number }
  | { readonly do: 'begin'; readonly tables: readonly CopyTable[]; readonly dropped: readonly string[] }
  | { readonly do: 'rows'; readonly object: string; readonly columns: readonly (readonly (string | null)[])[] }
  | { readonly do: 'commit'; readonly versions: Readonly<Record<string, string>> }
  | { readonly do: 'abort' };

/** What each task gives. */
export interface ChildResults {
  readonly open: null;
  readonly state: readonly CopyState[];
  /** Rows per statement: cells in the order of the select list. */
  readonly query: readonly (readonly (readonly (string | null)[])[])[];
  readonly begin: null;
  readonly rows: null;
  readonly commit: Readonly<Record<string, CopyCheck>>;
  readonly abort: null;
}

export type ChildRequest = { readonly id: number } & ChildTask;

/** `interrupted`: the time was up; `memory`: the limit was reached; `failed`: anything else. */
export interface ChildError {
  readonly kind: 'interrupted' | 'memory' | 'failed';
  readonly message: string;
}

export type ChildReply = { readonly id: number; readonly rssBytes: number } & ({ readonly result: unknown } | { readonly error: ChildError });
