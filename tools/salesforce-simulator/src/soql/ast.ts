/** A field or dotted parent path as written, with its place in the text. */
export interface FieldPath {
  readonly path: string;
  readonly offset: number;
}

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'datetime'; readonly value: string }
  /** `TODAY`, `LAST_N_DAYS:30` */
  | { readonly kind: 'range'; readonly name: string };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly field: FieldPath; readonly comparison: Comparison; readonly values: readonly Literal[] };

export interface Aggregate {
  readonly fn: 'COUNT' | 'COUNT_DISTINCT' | 'SUM' | 'AVG' | 'MIN' | 'MAX';
  readonly field: FieldPath;
  readonly alias: string | undefined;
}

export interface Ordering {
  readonly field: FieldPath;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface Query {
  readonly text: string;
  readonly fields: readonly FieldPath[];
  readonly aggregates: readonly Aggregate[];
  /** `SELECT COUNT() FROM …` */
  readonly count: boolean;
  /** `(SELECT … FROM Contacts)`, which REST resolves and Bulk refuses. */
  readonly hasSubquery: boolean;
  readonly object: string;
  readonly objectOffset: number;
  readonly where: Condition | undefined;
  readonly groupBy: readonly FieldPath[];
  readonly orderBy: readonly Ordering[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}
