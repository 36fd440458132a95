/** A condition of a metric on fields of Opportunity, free of any engine; also told to people as SOQL. */
export type Predicate =
  | { readonly is: 'all'; readonly of: readonly Predicate[] }
  /** The checkbox is set; `not_true` also holds where it is empty. */
  | { readonly is: 'true' | 'not_true'; readonly field: string }
  /** Empty counts as different. */
  | { readonly is: 'differs'; readonly field: string; readonly value: string }
  | { readonly is: 'before_today'; readonly field: string }
  | { readonly is: 'present'; readonly field: string };

export const everything: Predicate = { is: 'all', of: [] };

// State is what the checkboxes say, never what a stage is called.
export const open: Predicate = { is: 'not_true', field: 'IsClosed' };
export const closed: Predicate = { is: 'true', field: 'IsClosed' };
export const won: Predicate = { is: 'true', field: 'IsWon' };
export const withAmount: Predicate = { is: 'present', field: 'Amount' };

export function all(...of: readonly Predicate[]): Predicate {
  return { is: 'all', of };
}

/** Fields of Opportunity the condition reads. */
export function fieldsOf(predicate: Predicate): readonly string[] {
  return predicate.is === 'all' ? predicate.of.flatMap(fieldsOf) : [predicate.field];
}

/** The condition without its parts on a field that the org lacks. */
export function without(predicate: Predicate, field: string): Predicate {
  return predicate.is === 'all' ? { is: 'all', of: predicate.of.filter((part) => part.is === 'all' || part.field !== field).map((part) => without(part, field)) } : predicate;
}
