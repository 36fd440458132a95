import type { Predicate } from './predicate.ts';

/** What is summed or ordered, per deal. */
export type Term =
  | { readonly of: 'amount' }
  /** Amount × Probability, still times 100. */
  | { readonly of: 'amount_times_probability' }
  /** CloseDate − day of CreatedDate in the org's zone. */
  | { readonly of: 'days_from_created_to_close' };

/** What an engine computes; it never divides. */
export type Aggregate =
  | { readonly fn: 'count'; readonly where: Predicate }
  | { readonly fn: 'sum'; readonly term: Term; readonly where: Predicate };

/** How a metric comes from aggregates. */
export type Measure =
  | { readonly kind: 'count'; readonly where: Predicate }
  | { readonly kind: 'sum'; readonly term: Term; readonly where: Predicate }
  /** Numerator ÷ denominator, divided last. */
  | { readonly kind: 'ratio'; readonly numerator: Aggregate; readonly denominator: Aggregate }
  /** Half of the lower plus the upper middle value. */
  | { readonly kind: 'median'; readonly term: Term; readonly where: Predicate };

export type Unit = 'money' | 'count' | 'ratio' | 'days';

/** A metric of Opportunity. An id never changes meaning; a changed definition raises `version`. */
export interface Metric {
  readonly id: string;
  readonly version: number;
  readonly label: string;
  readonly text: string;
  readonly formula: string;
  readonly unit: Unit;
  /** Field of Opportunity on which periods and time grains work. */
  readonly timeField: 'CloseDate' | 'CreatedDate';
  /** Fields of Opportunity without which there is no figure. */
  readonly needs: readonly string[];
  /** Fields whose absence leaves a part of the definition out, with a note. */
  readonly wants: readonly string[];
  readonly trap: string | null;
  readonly measure: Measure;
  /** Rows that bring a group into the answer; a win rate also shows groups with nothing closed. */
  readonly presence: Predicate;
}

/** Every condition a measure reads. */
export function conditionsOf(measure: Measure): readonly Predicate[] {
  return measure.kind === 'ratio' ? [measure.numerator.where, measure.denominator.where] : [measure.where];
}

/** Whether Amount goes into the figure. */
export function readsAmount({ measure }: Metric): boolean {
  const terms = measure.kind === 'ratio' ? [measure.numerator, measure.denominator].map((part) => (part.fn === 'sum' ? part.term.of : null)) : [measure.kind === 'count' ? null : measure.term.of];
  return terms.some((of) => of === 'amount' || of === 'amount_times_probability');
}
