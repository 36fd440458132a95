import type { CatalogueObject, CoverageStatus } from '@tributary/api-contracts';

/** How the copy of one object compares with its source. */
export interface ObjectState {
  readonly status: CoverageStatus;
  /** Rows missing, or rows more than at the source. */
  readonly difference: { readonly kind: 'agree' } | { readonly kind: 'missing' | 'more'; readonly rows: number } | { readonly kind: 'not-read' };
}

/** Green only when both counts are known and nothing is missing; more rows than at the source are deleted ones that are kept. */
export function objectStateOf({ sourceRows, storedRows }: Pick<CatalogueObject, 'sourceRows' | 'storedRows'>): ObjectState {
  if (storedRows === null) return { status: 'loading', difference: { kind: 'not-read' } };
  if (sourceRows === null) return { status: 'unknown', difference: { kind: 'not-read' } };
  if (storedRows < sourceRows) return { status: 'partial', difference: { kind: 'missing', rows: sourceRows - storedRows } };
  return { status: 'complete', difference: storedRows === sourceRows ? { kind: 'agree' } : { kind: 'more', rows: storedRows - sourceRows } };
}
