import type { QueryAnswer, QueryColumn, QueryRow } from '@tributary/api-contracts';

/** One number of an answer with all that explains it. */
export interface Figure {
  /** Decimal string; null when there is no value, see `why`. */
  readonly value: string | null;
  readonly why: string | undefined;
  readonly column: QueryColumn | undefined;
  /** Both members of a ratio. */
  readonly numerator: string | null;
  readonly denominator: string | null;
  /** Token that lists the records behind the number. */
  readonly drill: string | undefined;
  /** Object whose records are behind the number. */
  readonly object: string;
}

/** A metric in one row of an answer; without dimensions that is the only row. */
export function figureOf(answer: QueryAnswer, metric: string, row: QueryRow | undefined = answer.rows[0] ?? answer.totals): Figure {
  const column = answer.columns.find(({ key }) => key === metric);
  return {
    value: textOf(row, metric),
    why: memberOf(row?.['_why'], metric),
    column,
    numerator: textOf(row, column?.numeratorKey ?? `${metric}.n`),
    denominator: textOf(row, column?.denominatorKey ?? `${metric}.d`),
    drill: drillOf(row, metric),
    object: answer.definitions[metric]?.timeField.split('.')[0] ?? 'Opportunity',
  };
}

/** Human label of a row along a dimension: the label column when there is one, else the value itself. */
export function labelOf(answer: QueryAnswer, row: QueryRow, dimension: string): string {
  const column = answer.columns.find(({ key }) => key === dimension);
  return textOf(row, column?.labelKey ?? `${dimension}.label`) ?? textOf(row, dimension) ?? '—';
}

/** Column of the time grain. */
export function timeColumnOf(answer: QueryAnswer): QueryColumn | undefined {
  return answer.columns.find(({ kind }) => kind === 'time');
}

/** Token of a row: one for the row, or one per metric. */
export function drillOf(row: QueryRow | undefined, metric: string): string | undefined {
  const drill = row?.['_drill'];
  return typeof drill === 'string' ? drill : memberOf(drill, metric);
}

/** Text of a cell; null when it is empty or absent. */
export function textOf(row: QueryRow | undefined, key: string): string | null {
  const value = row?.[key];
  return typeof value === 'string' ? value : null;
}

function memberOf(value: QueryRow[string] | undefined, key: string): string | undefined {
  return typeof value === 'object' && value !== null ? value[key] : undefined;
}
